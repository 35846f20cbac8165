"""What happened in the demo world: finished and running deals of several trades. Names, goods and figures are invented, sums are right."""

from datetime import timedelta
from typing import Any

from guanxi.deals.payment.forms import ACTS as PAYMENT
from guanxi.demo.stage import Stage

THIRTY_SEVENTY = [{"name": "deposit", "percent": "30"}, {"name": "balance", "percent": "70"}]
WHOLE = [{"name": "full", "percent": "100"}]
FASTENERS = [
    {"name": "外六角螺栓", "spec": "M8×30 DIN 933", "quantity": "20000", "unit": "件", "target_price": "0.45"},
    {"name": "六角螺母", "spec": "M8 DIN 934", "quantity": "20000", "unit": "件", "target_price": "0.145"},
    {"name": "平垫圈", "spec": "M8 DIN 125", "quantity": "40000", "unit": "件", "target_price": "0.04"},
]


def prices(*values: str | None) -> list[dict[str, Any]]:
    """Line by line, in order; None is not available."""
    return [{"n": n, "price": value} for n, value in enumerate(values, 1)]


def day(stage: Stage, days: int) -> str:
    """A moment so many days after now, as a form takes it."""
    return (stage.moment + timedelta(days=days)).isoformat()


def fasteners(stage: Stage) -> None:
    """Haichuan asks three fastener works; Minggu wins after haggling, the deposit is held, the balance is due (14,520 > 13,740 > 14,000)."""
    with stage.at(5, 9, 12):
        minggu, yongli, jisheng = stage.talk("chen", "lin"), stage.talk("he", "lin"), stage.talk("zhao", "lin")
        asked = stage.ask(
            "lin", ["chen", "he", "zhao"], title="304 不锈钢紧固件 3 项", currency="CNY", place="温州龙湾", tax_rate="13", tax_in=True, invoice="special",
            note="要材质报告。", deadline=day(stage, 4), lines=FASTENERS,
        )  # fmt: skip
        stage.say("chen", minggu, "收到。M8×30 有现货，今天就给您报。")
    with stage.at(5, 10, 40):
        terms = {"tax_rate": "13", "tax_in": True, "lead_days": 7, "stages": THIRTY_SEVENTY, "note": "304 料，附材质单"}
        first = stage.quote("chen", minggu, asked["chen"], lines=prices("0.472", "0.152", "0.043"), freight=32000, valid_until=day(stage, 7), **terms)
        stage.quote("he", yongli, asked["he"], lines=prices("0.485", "0.15", "0.041"), freight=24000, valid_until=day(stage, 6),
                    **terms | {"lead_days": 5, "note": "8.8 级同价"})  # fmt: skip
        stage.quote("zhao", jisheng, asked["zhao"], lines=prices("0.44", None, "0.039"), freight=0, valid_until=day(stage, 6),
                    **terms | {"tax_rate": "0", "lead_days": 15, "note": "螺母缺货"})  # fmt: skip
    with stage.at(5, 14, 5):
        second = stage.counter("lin", minggu, first, lines=prices("0.455", "0.148", "0.042"), freight=0, valid_until=day(stage, 3), **terms | {"note": ""})
    with stage.at(4, 9, 18):
        stage.say("chen", minggu, "455 做不到，这周 304 线材涨了。460，运费只收 160，今天就排产，行吗？")
        third = stage.counter("chen", minggu, second, lines=prices("0.46", "0.148", "0.042"), freight=16000, valid_until=day(stage, 7), **terms)
    with stage.at(4, 10, 2):
        order = stage.accept("lin", minggu, third)
        stage.say("lin", minggu, "就按这个定。定金下午付。")
    with stage.at(4, 15, 30):
        stage.pay("wu", minggu, order)
    with stage.at(3, 11, 0):
        stage.say("zhao", jisheng, "没关系，下次有机会再合作。")
    with stage.at(0, 9, 41):
        stage.say("chen", minggu, "螺栓今早出炉了。尾款到担保，明天就装车。")


def cartons(stage: Stage) -> None:
    """Cartons from Fangcun: a counter-offer waits for an answer today."""
    with stage.at(1, 15, 0):
        talk = stage.talk("fang", "lin")
        asked = stage.ask("lin", ["fang"], title="五层纸箱 3,000 只", currency="CNY", place="温州龙湾", tax_rate="13", tax_in=True, invoice="ordinary",
                          note="印单色唛头", deadline=day(stage, 2),
                          lines=[{"name": "五层瓦楞纸箱", "spec": "400×300×250 mm", "quantity": "3000", "unit": "只", "target_price": "3.2"}])  # fmt: skip
        stage.say("fang", talk, "印唛头要开版，版费我出。")
        first = stage.quote("fang", talk, asked["fang"], lines=prices("3.60"), freight=30000, tax_rate="13", tax_in=True, lead_days=3, stages=WHOLE,
                            note="三天出货", valid_until=day(stage, 5))  # fmt: skip
    with stage.at(0, 9, 20):
        second = stage.counter("lin", talk, first, lines=prices("3.30"), freight=0, tax_rate="13", tax_in=True, lead_days=3, stages=WHOLE, note="",
                               valid_until=day(stage, 2))  # fmt: skip
        stage.counter("fang", talk, second, lines=prices("3.45"), freight=0, tax_rate="13", tax_in=True, lead_days=3, stages=WHOLE,
                      note="3.45 是底价，包送到厂", valid_until=day(stage, 1))  # fmt: skip


def cloth(stage: Stage) -> None:
    """Twill from Sumian for Qingmu: paid and shipped, part received, the rest waits for the buyer."""
    with stage.at(9, 10, 0):
        talk = stage.talk("shen", "xu")
        asked = stage.ask("xu", ["shen"], title="全棉斜纹 1,200 米", currency="CNY", place="杭州余杭", tax_rate="13", tax_in=True, invoice="special",
                          note="做工装裤，要预缩", deadline=day(stage, 3),
                          lines=[{"name": "全棉斜纹布", "spec": "20×16 128×60 藏青", "quantity": "1200", "unit": "米", "target_price": "16.5"}])  # fmt: skip
        quote = stage.quote("shen", talk, asked["shen"], lines=prices("16.80"), freight=0, tax_rate="13", tax_in=True, lead_days=5, stages=WHOLE,
                            note="现货 800 米", valid_until=day(stage, 5))  # fmt: skip
    with stage.at(8, 9, 30):
        order = stage.accept("xu", talk, quote)
        stage.pay("xu", talk, order)
    with stage.at(6, 16, 10):
        stage.ship("shen", talk, order, carrier="顺达物流", waybill="SD20261117001", lines=[{"n": 1, "quantity": "800"}])
        stage.say("shen", talk, "先发 800 米，剩下的后天染好。")
    with stage.at(4, 14, 0):
        stage.receive("xu", talk, order, lines=[{"n": 1, "quantity": "800"}])
        stage.ship("shen", talk, order, carrier="顺达物流", waybill="SD20261119007")
        stage.say("xu", talk, "颜色对板，手感不错。")


def nuts(stage: Stage) -> None:
    """Flange nuts from Yongli: a finished deal with reviews, and a fresh enquiry that waits for a quote."""
    with stage.at(30, 9, 0):
        talk = stage.talk("he", "lin")
        asked = stage.ask("lin", ["he"], title="法兰螺母 M10 5,000 件", currency="CNY", place="温州龙湾", tax_rate="13", tax_in=True, invoice="special",
                          note="", deadline=day(stage, 3),
                          lines=[{"name": "法兰螺母", "spec": "M10 DIN 6923", "quantity": "5000", "unit": "件"}])  # fmt: skip
        quote = stage.quote("he", talk, asked["he"], lines=prices("0.32"), freight=8000, tax_rate="13", tax_in=True, lead_days=4, stages=WHOLE, note="",
                            valid_until=day(stage, 5))  # fmt: skip
    with stage.at(29, 11, 0):
        order = stage.accept("lin", talk, quote)
        stage.pay("wu", talk, order)
    with stage.at(27, 9, 0):
        stage.ship("he", talk, order, carrier="德邦", waybill="DB8812", note="两箱")
    with stage.at(25, 10, 0):
        stage.receive("lin", talk, order)
        stage.review("lin", talk, order, 5, "数量足，镀锌均匀，下次还找。")
        stage.review("he", talk, order, 5, "付款爽快，验收及时。")
    with stage.at(2, 8, 50):
        stage.ask("lin", ["he"], title="法兰螺母 M10 样品及 2 万件", currency="CNY", place="温州龙湾", tax_rate="13", tax_in=True, invoice="special",
                  note="先要样品照片", deadline=day(stage, 5),
                  lines=[{"name": "法兰螺母", "spec": "M10 DIN 6923 8 级", "quantity": "20000", "unit": "件", "target_price": "0.31"}])  # fmt: skip
        stage.say("he", talk, "样品明天拍给您。")


def aprons(stage: Stage) -> None:
    """Aprons bought by Sumian from Qingmu, so that who sells depends on the deal; a cancelled order; a declined enquiry."""
    with stage.at(14, 13, 0):
        talk = stage.talk("xu", "shen")
        asked = stage.ask("shen", ["xu"], title="展会围裙 60 条", currency="CNY", place="绍兴柯桥", tax_rate="3", tax_in=True, invoice="none",
                          note="绣公司名", deadline=day(stage, 3),
                          lines=[{"name": "帆布围裙", "spec": "藏青 绣字", "quantity": "60", "unit": "条", "target_price": "32"}])  # fmt: skip
        quote = stage.quote("xu", talk, asked["xu"], lines=prices("35"), freight=1500, tax_rate="3", tax_in=True, lead_days=6, stages=WHOLE, note="",
                            valid_until=day(stage, 4))  # fmt: skip
        order = stage.accept("shen", talk, quote)
        stage.say("shen", talk, "展会改期了，这单先取消，抱歉。")
        stage.do(PAYMENT["cancel"], "shen", talk, order_id=order, reason="展会改期")


def bolts(stage: Stage) -> None:
    """High-strength bolts from Jisheng: paid and shipped; what came of it stands in `cracks`."""
    with stage.at(11, 9, 20):
        talk = stage.talk("zhao", "lin")
        asked = stage.ask("lin", ["zhao"], title="8.8 级螺栓 M12×50 6,000 件", currency="CNY", place="温州龙湾", tax_rate="13", tax_in=True,
                          invoice="special", note="", deadline=day(stage, 3),
                          lines=[{"name": "外六角螺栓 8.8 级", "spec": "M12×50 发黑", "quantity": "6000", "unit": "件"}])  # fmt: skip
        quote = stage.quote("zhao", talk, asked["zhao"], lines=prices("1.15"), freight=18000, tax_rate="13", tax_in=True, lead_days=3, stages=WHOLE,
                            note="", tolerance="1", valid_until=day(stage, 5))  # fmt: skip
    with stage.at(10, 10, 0):
        order = stage.accept("lin", talk, quote)
        stage.pay("wu", talk, order)
    with stage.at(7, 15, 0):
        stage.ship("zhao", talk, order, carrier="德邦", waybill="DB990412")
        stage.kept["bolts"] = talk, order


def cracks(stage: Stage) -> None:
    """Two boxes of those bolts are cracked: a dispute under way. Jisheng proposes a part, the buyer has to answer."""
    talk, order = stage.kept["bolts"]
    with stage.at(3, 15, 30):
        stage.say("lin", talk, "有两箱螺栓头部有裂口，大概 600 件，不能用。")
        stage.dispute("open", "lin", talk, order, reason="damaged", text="600 件头部裂口，装配时断了 3 件。", kind="refund", refund="1500.00")
    with stage.at(1, 16, 0):
        stage.dispute("show", "zhao", talk, order, text="出厂前每箱抽检 20 件，没有裂口。可能是运输挤压。")
        stage.dispute("propose", "zhao", talk, order, kind="refund", refund="690.00", text="600 件货款退给您，货不用退。")


def canvas(stage: Stage) -> None:
    """Canvas from Sumian for Qingmu: the deposit goes by bank transfer, 200 short at first; the balance waits, in escrow or by bank."""
    with stage.at(4, 9, 0):
        talk = stage.talk("shen", "xu")
        asked = stage.ask("xu", ["shen"], title="12 安帆布 600 米", currency="CNY", place="杭州余杭", tax_rate="13", tax_in=True, invoice="special",
                          note="做围裙，本白", deadline=day(stage, 3),
                          lines=[{"name": "全棉帆布", "spec": "12 安 本白", "quantity": "600", "unit": "米", "target_price": "13"}])  # fmt: skip
        quote = stage.quote("shen", talk, asked["shen"], lines=prices("13.50"), freight=0, tax_rate="13", tax_in=True, lead_days=6, stages=THIRTY_SEVENTY,
                            note="定金可以直接打公户", valid_until=day(stage, 5))  # fmt: skip
        order = stage.accept("xu", talk, quote)
    with stage.at(3, 10, 0), stage.factor("shen"):
        stage.account("shen", holder="绍兴素棉纺织有限公司", bank="中国建设银行绍兴柯桥支行", number="33050165350000001234", routing="105337000018")
        stage.bank("offer", "shen", talk, order_id=order, stage=1)
    with stage.at(2, 11, 0):
        stage.transfer("xu", talk, order, "2230.00")
    with stage.at(2, 15, 0), stage.factor("shen"):
        stage.bank("receive", "shen", talk, amount="2230.00", currency="CNY")
        stage.bank("settle", "shen", talk, how="count")
        stage.say("shen", talk, "收到 2,230，还差 200，补一下就排染。")
    with stage.at(1, 9, 30):
        stage.transfer("xu", talk, order, "200.00")
    with stage.at(1, 10, 0), stage.factor("shen"):
        stage.bank("receive", "shen", talk, amount="200.00", currency="CNY")


STORIES = (nuts, bolts, aprons, cloth, fasteners, cartons, cracks, canvas)
