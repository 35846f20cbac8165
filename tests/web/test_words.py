"""Figures, days and clocks as people read them, in both languages (ui.md section 6)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from guanxi.base import clock
from guanxi.base.money import Money
from guanxi.web import figures, looks, moments, words

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # Monday 12:00 in Shanghai


@pytest.fixture(autouse=True)
def _frozen():
    with clock.use(NOON):
        yield


def chinese():
    return translation.override("zh-hans")


def english():
    return translation.override("en")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (figures.money(1_400_000), "¥14,000.00"),
        (figures.money(-50, "GBP"), "−£0.50"),
        (figures.money(Money(1200, "JPY")), "JP¥1,200"),
        (figures.plain_money(1_400_000), "14,000.00"),
        (figures.price(Decimal("460")), "460.00"),
        (figures.price(Decimal("0.1011")), "0.1011"),
        (figures.price(Decimal("1234.500000")), "1,234.50"),
        (figures.quantity(Decimal("20000.0000"), "件"), "20,000 件"),
        (figures.quantity(Decimal("0.5000")), "0.5"),
        (figures.quantity(100), "100"),
        (figures.percent(Decimal("-5.4"), signed=True), "−5.4%"),
        (figures.percent(13), "13%"),
        (figures.size("M8*30"), "M8×30"),
        (figures.size("10 x 20X30"), "10×20×30"),
        (figures.size("matrix 8"), "matrix 8"),
        (figures.file_size(86_000), "86 kB"),
        (figures.file_size(2_400_000), "2.4 MB"),
        (figures.count(120), "99+"),
        (looks.initials("铭固紧固件"), "铭"),
        (looks.initials("(acme)"), "A"),
        (looks.initials(""), "·"),
    ],
)
def test_figures(said, shown):
    assert said == shown


def test_a_unit_price_keeps_its_unit_apart_in_english():
    with chinese():
        assert figures.unit_price(Decimal("460"), "CNY", "千件") == "¥460.00/千件"
    with english():
        assert figures.unit_price(Decimal("0.1011"), "GBP", "pc") == "£0.1011 / pc"


@pytest.mark.parametrize(
    ("ago", "zh", "en"),
    [
        (timedelta(hours=2), "10:00", "10:00"),
        (timedelta(days=1), "昨天", "Yesterday"),
        (timedelta(days=2), "周六", "Sat"),
        (timedelta(days=6), "周二", "Tue"),
        (timedelta(days=7), "11-16", "16 Nov"),
        (timedelta(days=355), "2025-12-03", "3 Dec 2025"),
    ],
)
def test_the_time_in_a_list_is_as_short_as_it_can_be(ago, zh, en):
    with chinese():
        assert moments.when(NOON - ago) == zh
    with english():
        assert moments.when(NOON - ago) == en


def test_days_in_sentences_and_between_the_days_of_a_talk():
    with chinese():
        assert moments.day(NOON) == "11月23日"
        assert moments.day(date(2025, 12, 3)) == "2025年12月3日"
        assert moments.day_line(NOON - timedelta(days=5)) == "11月18日 周三"
        assert moments.moment(NOON - timedelta(days=1)) == "昨天 12:00"
        assert moments.until_day(clock.end_of_day(date(2026, 11, 28))) == "11月28日"
    with english():
        assert moments.day_line(NOON - timedelta(days=5)) == "Wed 18 Nov"
        assert moments.moment(NOON) == "Today 12:00"


@pytest.mark.parametrize(
    ("left", "zh", "en", "urgency"),
    [
        (timedelta(days=7, hours=3), "剩 7 天", "7 days left", ""),
        (timedelta(hours=30), "剩 1 天 6 小时", "1 d 6 h left", "soon"),
        (timedelta(hours=24, minutes=10), "剩 1 天", "1 day left", "soon"),
        (timedelta(hours=2, minutes=1), "剩 2 小时", "2 h left", "last"),
        (timedelta(minutes=25), "剩 25 分钟", "25 min left", "last"),
        (timedelta(seconds=5), "剩 1 分钟", "1 min left", "last"),
        (timedelta(hours=-2), "已超 2 小时", "2 h late", "over"),
        (timedelta(days=-1), "已超 1 天", "1 day late", "over"),
    ],
)
def test_time_left(left, zh, en, urgency):
    assert moments.urgency(NOON + left) == urgency
    with chinese():
        assert moments.time_left(NOON + left) == zh
    with english():
        assert moments.time_left(NOON + left) == en


def test_the_day_turns_at_midnight_in_shanghai_not_in_london():
    with clock.use(datetime(2026, 11, 23, 16, 30, tzinfo=UTC)), english():  # 00:30 on the 24th
        assert moments.when(datetime(2026, 11, 23, 15, 0, tzinfo=UTC)) == "Yesterday"


def test_a_tint_stays_and_all_are_used():
    assert looks.tint("x") == looks.tint("x")
    assert {looks.tint(str(n)) for n in range(60)} == {1, 2, 3, 4, 5, 6}
    assert looks.tint(None) == 1


def test_script_words_survive_a_single_quoted_attribute(monkeypatch):
    monkeypatch.setitem(words.GROUPS, "odd", {"it": "it's <b> & \"that\""})
    assert words.script_words("odd") == '{"it":"it&#39;s &lt;b> &amp; \\"that\\""}'
