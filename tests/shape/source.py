"""Our own source files and their functions, for the tests of shape."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "guanxi"


@cache
def files() -> list[Path]:
    """Every Python file of the product, without tests and migrations."""
    return sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts and "tests" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function with the file it stands in."""
    for path in files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))
