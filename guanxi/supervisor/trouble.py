"""What an operator must put right: said once, with its remedy, and never as a traceback."""


class Trouble(Exception):
    """`what` happened, in one sentence; `remedy` is what to do about it."""

    def __init__(self, what: str, *, remedy: str) -> None:
        super().__init__(f"{what}\n  {remedy}")
        self.what = what
        self.remedy = remedy
