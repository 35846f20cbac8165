"""Provinces and prefectures of China by their codes of GB/T 2260; the table ships as regions.csv."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

TABLE = Path(__file__).with_name("regions.csv")


@dataclass(frozen=True, slots=True)
class Region:
    """`code` has six digits; a province's ends in 0000."""

    code: str
    zh: str
    en: str

    @property
    def province(self) -> str:
        """The code of the province it lies in, its own for a province."""
        return self.code[:2] + "0000"

    @property
    def words(self) -> str:
        """Its name in the reader's language."""
        return self.zh if (get_language() or "").startswith("zh") else self.en


@cache
def regions() -> dict[str, Region]:
    """All of them by code, each province before its prefectures."""
    with TABLE.open(encoding="utf-8", newline="") as rows:
        return {code: Region(code, zh, en) for code, zh, en in csv.reader(rows)}


def region_name(code: str) -> str:
    """`浙江嘉兴`, `Jiaxing, Zhejiang`; empty for an unknown code."""
    found = regions().get(code)
    if found is None:
        return ""
    if found.code == found.province:
        return found.words
    province = regions()[found.province]
    return f"{province.zh}{found.zh}" if (get_language() or "").startswith("zh") else f"{found.en}, {province.en}"


def region_choices() -> list[tuple[str, str]]:
    """For a select: provinces, and after each its prefectures with both names."""
    return [(code, region_name(code)) for code in regions()]
