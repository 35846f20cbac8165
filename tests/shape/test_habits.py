"""Habits of STYLE.md that a syntax tree can see."""

import ast

from tests.shape.source import files, name_of, tree

CLOCKS = {"now", "utcnow", "today"}
SIGNALS = {"receiver", "post_save", "pre_save", "post_delete", "pre_delete", "m2m_changed"}
STATES = {"state", "goods_state"}


def test_a_state_changes_only_by_advance():
    found = []
    for path in files():
        if path.parts[-2:] == ("base", "db.py"):
            continue
        for node in ast.walk(tree(path)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []
            found += [f"{name_of(path)}:{node.lineno}" for target in targets if isinstance(target, ast.Attribute) and target.attr in STATES
                      and not (isinstance(target.value, ast.Name) and target.value.id == "self")]  # fmt: skip
    assert found == []


def test_business_time_comes_from_the_clock():
    found = []
    for path in files():
        if path.parts[-2:] == ("base", "clock.py"):
            continue
        for node in ast.walk(tree(path)):
            named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            if named and node.attr in CLOCKS and node.value.id in ("datetime", "date", "timezone"):
                found.append(f"{name_of(path)}:{node.lineno}")
    assert found == []


def test_there_are_no_signals():
    found = []
    for path in files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django") and {alias.name for alias in node.names} & SIGNALS:
                found.append(name_of(path))
    assert found == []


def test_no_model_overrides_save():
    found = []
    for path in files():
        if path.name != "table.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and node.name in ("save", "delete"):
                found.append(f"{name_of(path)}:{node.lineno}")
    assert found == []


def test_nothing_is_left_for_later():
    words = ("TO" + "DO", "FIX" + "ME", "X" * 3)
    found = [name_of(path) for path in files() if any(word in path.read_text(encoding="utf-8") for word in words)]
    assert found == []
