"""One line of the doctor: what was seen, why it matters, what to do."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Finding:
    name: str
    state: str  # "good", "look" (works, but should be better) or "bad"
    what: str
    why: str = ""
    remedy: str = ""

    @property
    def bad(self) -> bool:
        return self.state == "bad"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    def __str__(self) -> str:
        line = f"{self.state:<4}  {self.name}: {self.what}"
        return line if self.state == "good" else f"{line}\n      {self.why}\n      -> {self.remedy}"


def good(name: str, what: str) -> Finding:
    """Nothing to do."""
    return Finding(name, "good", what)


def judged(name: str, well: bool, what: str, *, why: str, remedy: str, otherwise: str = "bad") -> Finding:
    """Good when `well`, else with its reason and remedy."""
    return good(name, what) if well else Finding(name, otherwise, what, why, remedy)
