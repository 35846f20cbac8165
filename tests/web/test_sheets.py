"""The one style sheet a phone reads."""

from pathlib import Path

from guanxi.web.sheets import PARTS, tight

CSS = Path(__file__).parents[2] / "guanxi" / "web" / "static" / "css"


def test_what_means_nothing_is_left_out_and_what_means_something_stays():
    assert tight(b"/* why */\n.a > .b ,\n.c {\n  margin: calc(1px + 2px) ;\n}\n") == b".a > .b,.c{margin: calc(1px + 2px);}"
    assert (
        tight(b'.a::before { content: ""; }\n@media (min-width: 45rem) { .a { color: red; } }')
        == b'.a::before{content: "";}@media (min-width: 45rem){.a{color: red;}}'
    )


def test_all_parts_together_stay_small():
    assert sum(len(tight((CSS / f"{part}.css").read_bytes())) for part in PARTS) < 60_000
