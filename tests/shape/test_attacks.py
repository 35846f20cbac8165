"""docs/security/attacks.md stays true: every attack has its line, and every test it names exists."""

import re

from tests.shape.source import ROOT, tree

PAGE = ROOT / "docs" / "security" / "attacks.md"
ROW = re.compile(r"^\| (A\d+) \| [^|]+ \| (.+) \|$", re.MULTILINE)


def rows() -> dict[str, str]:
    return dict(ROW.findall(PAGE.read_text(encoding="utf-8")))


def test_every_attack_has_one_line():
    found = [number for number, _said in ROW.findall(PAGE.read_text(encoding="utf-8"))]
    assert sorted(found, key=lambda number: int(number[1:])) == [f"A{n}" for n in range(1, 65)]


def test_every_line_names_a_test_or_what_brings_it():
    assert [number for number, said in rows().items() if "::" not in said and not re.match(r"Not built yet \(.+\)$", said)] == []


def test_every_named_test_exists():
    missing = []
    for number, said in rows().items():
        for path, name in re.findall(r"`([\w/.]+)::(\w+)`", said):
            functions = {getattr(node, "name", "") for node in tree(ROOT / path).body} if (ROOT / path).exists() else set()
            missing += [f"{number}: {path}::{name}"] if name not in functions else []
    assert missing == []
