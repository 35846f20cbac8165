"""The daily mail: what waits for me, and how many talks hold something new."""
