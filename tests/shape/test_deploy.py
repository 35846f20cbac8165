"""What `deploy/` and `docs/operate/` say exists: commands, settings, figures, headings."""

import re
from pathlib import Path

import pytest

from guanxi.cli import parser

ROOT = Path(__file__).resolve().parents[2]
DEPLOY, DOCS = ROOT / "deploy", ROOT / "docs" / "operate"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_run_commands_that_exist(unit):
    runs = re.findall(r"^ExecStart=.*?bin/guanxi ([^\n]+)$", unit.read_text(), re.MULTILINE)
    assert runs
    for words in runs:
        parser().parse_args([word.strip("\"'") for word in re.sub(r'"\$\$.*', "FILE", words).split()])


def test_every_timer_has_its_service():
    for timer in (DEPLOY / "systemd").glob("*.timer"):
        assert timer.with_suffix(".service").exists(), timer.name


def test_every_setting_of_the_example_is_explained_and_read():
    explained = (DOCS / "settings.md").read_text()
    read = (ROOT / "guanxi" / "settings.py").read_text() + (ROOT / "guanxi" / "supervisor" / "place.py").read_text()
    for name in re.findall(r"^([A-Z_]+)=", (DEPLOY / "environment.example").read_text(), re.MULTILINE):
        assert f"`{name}`" in explained, name
        assert f'"{name}"' in read, name


def test_every_alarm_has_its_page_and_its_figure():
    rules, trouble = (DEPLOY / "prometheus" / "guanxi.rules.yml").read_text(), (DOCS / "trouble.md").read_text()
    headings = {line[3:].lower().replace(" ", "-") for line in trouble.splitlines() if line.startswith("## ")}
    code = "".join((ROOT / "guanxi" / "base" / name).read_text() for name in ("health.py", "counted.py"))
    assert set(re.findall(r"page: ([a-z-]+)", rules)) <= headings
    for figure in set(re.findall(r"guanxi_[a-z_]+", rules)):
        assert figure.removesuffix("_total") in code, figure


def test_pages_name_each_other_rightly():
    for page in DOCS.glob("*.md"):
        for place in re.findall(r"\]\(([^)#]+\.md)\)", page.read_text()):
            assert (page.parent / place).exists(), (page.name, place)
