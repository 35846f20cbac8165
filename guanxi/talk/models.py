from guanxi.talk.group.table import Group, GroupInvitation
from guanxi.talk.table import Attachment, Conversation, Done, Entry, Pair, Party, Position, Upload

__all__ = ["Attachment", "Conversation", "Done", "Entry", "Group", "GroupInvitation", "Pair", "Party", "Position", "Upload"]
