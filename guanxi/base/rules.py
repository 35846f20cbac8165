"""Rules as data: rows (act, from, to, by), read by acts, buttons, tests and the diagrams in the docs."""

from collections.abc import Iterable
from dataclasses import dataclass

from guanxi.base.errors import Refused, Words


@dataclass(frozen=True, slots=True)
class Rule:
    """`act` leads from one of `frm` to `to`; `by` names who may (`buyer`, `supplier`, `mover`, `clock`, `provider`, ...)."""

    act: str
    frm: tuple[str, ...]
    to: str
    by: tuple[str, ...]


class Machine:
    """A small state machine, checked when it is made: no unknown act, no state out of reach, no move out of an end."""

    def __init__(self, name: str, *, start: str, ends: Iterable[str], rules: Iterable[Rule], refusals: dict[str, Words], wrong: Words) -> None:
        self.name, self.start, self.ends, self.rules = name, start, frozenset(ends), tuple(rules)
        self.refusals, self.wrong = refusals, wrong
        self.states = frozenset({start} | {rule.to for rule in self.rules} | {state for rule in self.rules for state in rule.frm})
        self.acts = tuple(dict.fromkeys(rule.act for rule in self.rules))
        self._check()

    def _check(self) -> None:
        reached = {self.start} | {rule.to for rule in self.rules}
        if lost := self.states - reached:
            raise ValueError(f"{self.name}: states out of reach: {sorted(lost)}")
        if left := {state for rule in self.rules for state in rule.frm if state in self.ends}:
            raise ValueError(f"{self.name}: moves out of an end: {sorted(left)}")
        if unknown := self.ends - self.states:
            raise ValueError(f"{self.name}: unknown ends: {sorted(unknown)}")
        if silent := self.states - set(self.refusals):
            raise ValueError(f"{self.name}: no words for a refusal in {sorted(silent)}")

    def find(self, state: str, act: str, by: str) -> Rule | None:
        """The rule that allows this, or None."""
        return next((rule for rule in self.rules if rule.act == act and state in rule.frm and by in rule.by), None)

    def move(self, state: str, act: str, *, by: str) -> str:
        """The state after `act`. Raises Refused: first for a state that does not know it, then for a side that may not (M6)."""
        if rule := self.find(state, act, by):
            return rule.to
        if not any(rule.act == act and state in rule.frm for rule in self.rules):
            raise Refused(f"{self.name}-{state}", self.refusals[state])
        raise Refused(f"{self.name}-not-yours", self.wrong)

    def open_moves(self, state: str, by: str) -> list[str]:
        """The acts this side may do now, in the order of the rules."""
        return list(dict.fromkeys(rule.act for rule in self.rules if state in rule.frm and by in rule.by))
