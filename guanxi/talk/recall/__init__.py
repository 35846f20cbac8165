"""Taking back what one said: the words leave the row, the row keeps its seq, and an entry tells every device (quality.md T9, T10)."""

SECONDS = 120
RECALLABLE = frozenset({"text", "image", "file", "voice", "forward"})  # what people say; what companies do stays on record
KIND = "recall"  # {"seq": n}: nothing but the place, for frames, pushes and readers (quality.md A6)
EMPTIED = "recalled"  # what the row at that place has become, with an empty body
