"""Read a tree from CSV (code, parent, zh, en, attributes) and bring the table to it."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("tree.csv")
DEPTH = 3


@dataclass(frozen=True, slots=True)
class Node:
    """A row of the file, with where it stands."""

    code: str
    parent: str
    zh: str
    en: str
    attributes: list[str]
    depth: int
    position: int


def read(lines: Iterable[str]) -> Iterator[Node]:
    """The rows in the order of the file, parents first. Raises ValueError with the line's number for what cannot stand."""
    depths: dict[str, int] = {}
    for n, row in enumerate(csv.DictReader(lines), start=2):
        code, parent = row["code"].strip(), (row.get("parent") or "").strip()
        if not code or code in depths:
            raise ValueError(f"line {n}: the code is missing or comes twice")
        if parent and parent not in depths:
            raise ValueError(f"line {n}: its parent {parent} does not come before it")
        depths[code] = depths[parent] + 1 if parent else 0
        if depths[code] >= DEPTH:
            raise ValueError(f"line {n}: too deep, {DEPTH} levels at most")
        yield Node(code, parent, row["zh"].strip(), row["en"].strip(), (row.get("attributes") or "").split(), depths[code], n)


def load(model: Any, nodes: Iterable[Node]) -> int:
    """Write the rows into `model` (the table, as a migration or the program knows it); how many. A group's attributes are its leaves' too."""
    inherited: dict[str, list[str]] = {}
    rows = []
    for node in nodes:
        inherited[node.code] = node.attributes or inherited.get(node.parent, [])
        rows.append(model(code=node.code, parent_id=node.parent or None, depth=node.depth, position=node.position, zh=node.zh, en=node.en,
                          attributes=inherited[node.code]))  # fmt: skip
    model.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=["parent", "depth", "position", "zh", "en", "attributes"]
    )
    return len(rows)
