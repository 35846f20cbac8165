from guanxi.talk.table import Attachment, Conversation, Done, Entry, Pair, Party, Position, Upload

__all__ = ["Attachment", "Conversation", "Done", "Entry", "Pair", "Party", "Position", "Upload"]
