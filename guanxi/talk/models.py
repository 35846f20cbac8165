from guanxi.talk.group.table import Group, GroupInvitation
from guanxi.talk.search.table import Indexed, ReaderPlace
from guanxi.talk.table import Attachment, Conversation, Done, Entry, Pair, Party, Position, Upload

__all__ = ["Attachment", "Conversation", "Done", "Entry", "Group", "GroupInvitation", "Indexed", "Pair", "Party", "Position", "ReaderPlace", "Upload"]
