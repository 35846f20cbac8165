"""Small files, small functions, names that say something. An exception stands here with its reason."""

from statistics import median

from tests.shape.source import PACKAGE, files, functions, name_of

MOST_LINES = 400
MOST_IN_FUNCTION = 50
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
EMPTY_NAMES = {"utils", "helpers", "common", "misc", "manager", "managers", "service", "services"}


def length(node) -> int:
    return node.end_lineno - node.lineno + 1


def test_files_stay_short_enough_to_be_one_thing():
    long = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files()}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES and name not in LONG_FILES} == {}


def test_functions_fit_on_a_screen():
    long = {f"{name_of(path)}:{node.name}": length(node) for path, node in functions()}
    assert {name: lines for name, lines in long.items() if lines > MOST_IN_FUNCTION and name not in LONG_FUNCTIONS} == {}


def test_most_functions_are_a_few_lines():
    assert median(length(node) for _path, node in functions()) <= 9


def test_no_file_has_an_empty_name():
    assert [name_of(path) for path in PACKAGE.rglob("*") if path.stem in EMPTY_NAMES] == []
