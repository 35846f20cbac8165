"""A shopping list as people say it."""

from decimal import Decimal

import pytest

from guanxi.sheets import read_lines

SAID = [
    ("帮我拿点东西，红漆五桶", [("红漆", "5", "桶")]),
    ("再来半打刷子吧", [("刷子", "0.5", "打")]),
    ("砂纸 120目 三百张，谢谢", [("砂纸 120目", "300", "张")]),
    ("两吨半黄沙", [("黄沙", "2.5", "t")]),
    ("20升脱漆剂 6桶", [("20升脱漆剂", "6", "桶")]),
    ("6桶脱漆剂 20L", [("脱漆剂 20L", "6", "桶")]),
    ("M6*20内六角 1,500个；平垫 M6 2k个", [("M6*20内六角", "1500", "个"), ("平垫 M6", "2000", "个")]),
    ("扳手 大号/小号 各3把", [("扳手 大号", "3", "把"), ("扳手 小号", "3", "把")]),
    ("钉子 一千二", [("钉子", "1200", None)]),
    ("梯子来俩", [("梯子", "2", None)]),
    ("千斤顶 3台", [("千斤顶", "3", "台")]),
    ("老板椅 5把", [("老板椅", "5", "把")]),
    ("加厚围裙 十条", [("加厚围裙", "10", "条")]),
    ("你好，明天下午到 14:30", []),
    ("多少钱一个？", []),
    ("3天能到吗", []),
]


@pytest.mark.parametrize(("said", "lines"), SAID)
def test_what_is_said_becomes_lines(said: str, lines: list[tuple[str, str, str | None]]) -> None:
    assert [(line.name, line.quantity, line.unit) for line in read_lines(said).lines] == [(name, Decimal(many), unit) for name, many, unit in lines]


@pytest.mark.parametrize("said", ["螺丝 十几个", "三五根绳子", "来二十多包水泥", "胶水若干", "灯泡 10-20个", "钉子 几千个"])
def test_a_vague_amount_is_rejected_and_not_guessed(said: str) -> None:
    got = read_lines(said)
    assert not got.lines
    assert [row.reason for row in got.rejected] == ["bad_quantity"]


def test_a_numbered_item_without_quantity_is_missed() -> None:
    got = read_lines("1、铜线\n2、铝线 5卷")
    assert [(row.row, row.reason) for row in got.rejected] == [(1, "no_quantity")]
    assert [line.name for line in got.lines] == ["铝线"]


@pytest.mark.parametrize(
    ("said", "price", "money"),
    [("水泥 8吨，不超过380元/吨", "380", "CNY"), ("网线 3箱 目标价3块5一箱", "3.5", "CNY"), ("胶带 9卷；目标价US$1.2", "1.2", "USD")],
)
def test_a_target_price_belongs_to_the_item_before_it(said: str, price: str, money: str) -> None:
    (line,) = read_lines(said).lines
    assert (line.target_price, line.currency) == (Decimal(price), money)
