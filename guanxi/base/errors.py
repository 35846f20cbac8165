"""What an act may answer instead of doing its work. Doors turn these into pages, problem details and frames."""

from typing import Any

from django.utils.functional import Promise

Words = str | Promise


class ActError(Exception):
    """Nothing was changed. `code` is for programs, the words are for people."""

    status = 400
    code = "error"

    def __init__(self, words: Words = "", **params: Any) -> None:
        super().__init__(words)
        self.words = words
        self.params = params

    def __str__(self) -> str:
        text = str(self.words)
        return text.format(**self.params) if self.params else text


class Refused(ActError):
    """A rule says no. Always with a reason the reader can act on."""

    status = 409

    def __init__(self, code: str, words: Words, **params: Any) -> None:
        super().__init__(words, **params)
        self.code = code


class Invalid(ActError):
    """Bad input: `fields` maps a field's name (or `lines.3.quantity`) to what is wrong with it."""

    status = 422
    code = "invalid"

    def __init__(self, fields: dict[str, Words]) -> None:
        super().__init__("")
        self.fields = fields

    def __str__(self) -> str:
        return "; ".join(str(words) for words in self.fields.values())


class NotFound(ActError):
    """It is not there, or not for this viewer; the two look alike."""

    status = 404
    code = "not-found"


class Conflict(ActError):
    """The same key came with another payload."""

    status = 409
    code = "key-reused"


class Limited(ActError):
    """Too often. `retry_after` in seconds."""

    status = 429
    code = "too-often"

    def __init__(self, words: Words, *, retry_after: int, **params: Any) -> None:
        super().__init__(words, minutes=max(1, -(-retry_after // 60)), **params)
        self.retry_after = retry_after


class Busy(ActError):
    """The database was locked, restarted or slow three times in a row; nothing was acknowledged."""

    status = 503
    code = "busy"


class AlreadyDone(Exception):
    """This key was used before with the same payload; `result` is what it gave then."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__("already done")
        self.result = result
