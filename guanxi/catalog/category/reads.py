"""The tree as pages show it."""

from dataclasses import dataclass, field

from guanxi.catalog.category.table import Category


@dataclass(slots=True)
class Branch:
    """A sector or group with what is under it."""

    category: Category
    children: list["Branch"] = field(default_factory=list)


def tree() -> list[Branch]:
    """The whole tree in its order: one statement."""
    branches: dict[str, Branch] = {}
    tops: list[Branch] = []
    for row in Category.objects.order_by("depth", "position"):
        branches[row.code] = branch = Branch(row)
        (branches[row.parent_id].children if row.parent_id else tops).append(branch)
    return tops


def leaf(code: str) -> Category | None:
    """The leaf of this code, None when there is none."""
    return Category.objects.filter(code=code, depth=2).first() if code else None
