"""The page of states says what the rules say."""

from pathlib import Path

from django.utils import translation

from guanxi.deals import diagrams

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how" / "states.md"


def test_the_page_of_states_is_current():
    with translation.override("en"):
        assert PAGE.read_text(encoding="utf-8") == diagrams.page(), "run: python -m guanxi.deals.diagrams > docs/how/states.md"
