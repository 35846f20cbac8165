"""Who lives in the demo world. Every name is invented."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from guanxi.people.companies.reads import name_key
from guanxi.people.factor import app
from guanxi.people.factor.table import Authenticator
from guanxi.people.operators import acts as operators
from guanxi.people.table import Company, Membership, Person
from guanxi.people.viewer import Viewer

REPLAY_PASSWORD = "replay the invoices"  # noqa: S105 the demo person for bench/replay.py; demo only


@dataclass(frozen=True, slots=True)
class Firm:
    """A company of the cast: handle, name, sector, region, words about itself, people as (mail name, name, role, title)."""

    handle: str
    name: str
    sector: str
    region: str
    intro: str
    verified: bool
    people: tuple[tuple[str, str, str, str], ...]


OPERATOR = ("郑凯", "operator@market.demo")  # runs the demo market; belongs to no company

FIRMS = (
    Firm("haichuan", "海川机电", "machinery", "330300", "温州龙湾的机电配套厂，做泵阀和减速机，每月采购紧固件、包装和轴承。", True, (
        ("zhou", "周建国", "owner", "总经理"), ("lin", "林晓雯", "purchaser", "采购"), ("wu", "吴敏", "finance", "财务"),
    )),
    Firm("minggu", "铭固紧固件", "hardware", "330400", "嘉兴海盐的紧固件厂，304、316 不锈钢螺栓螺母垫圈，常备 M5 到 M16 现货，非标来图定做。", True, (
        ("chen", "陈国栋", "owner", "厂长"), ("liu", "刘洋", "sales", "业务"),
    )),
    Firm("fangcun", "方寸包装", "packaging", "330100", "杭州的纸箱厂，三层五层瓦楞，起订 300 只，三天出货。", True, (("fang", "方一鸣", "owner", "老板"),)),
    Firm("sumian", "素棉纺织", "textile", "330600", "绍兴柯桥的棉布厂，全棉斜纹、平纹、帆布，坯布和染色都做。", True, (("shen", "沈佳", "owner", "业务经理"),)),
    Firm("yongli", "甬力标准件", "hardware", "330200", "宁波镇海，高强度螺栓和法兰螺母，8.8 级到 12.9 级。", True, (("he", "何立群", "owner", "销售"),)),
    Firm("jisheng", "冀盛五金", "hardware", "130400", "邯郸永年的标准件，量大价低。", False, (("zhao", "赵玉梅", "owner", "业务"),)),
    Firm("qingmu", "青木服饰", "clothing", "330100", "杭州的工装和围裙品牌，小单快反。", False, (("xu", "许青", "owner", "创始人"),)),
    Firm("demo", "示例五金商行", "hardware", "330700", "金华的五金批发部，样样都有一点。", False, (("demo", "金小满", "owner", "店主"),)),
)  # fmt: skip


def make_people(now: datetime) -> dict[str, Viewer]:
    """Everybody, as viewers by mail name; the demo person `replay` has no company yet."""
    viewers = {}
    for firm in FIRMS:
        of = Company.objects.create(
            handle=firm.handle, name=firm.name, name_key=name_key(firm.name), sector=firm.sector, region=firm.region, intro=firm.intro,
            verified_at=now if firm.verified else None, demo=True, created_at=now,
        )  # fmt: skip
        for mail, name, role, title in firm.people:
            who = make_person(mail, f"{mail}@{firm.handle}.demo", name, now)
            Membership.objects.create(company=of, person=who, role=role, title=title, joined_at=now)
            viewers[mail] = Viewer(person=who.id, name=name, company=of.id, company_name=firm.name, role=role)
    replay = make_person("replay", "replay@guanxi.demo", "Replay", now, language="en", password=make_password(REPLAY_PASSWORD))
    viewers["replay"] = Viewer(person=replay.id, name="Replay")
    return viewers


def make_operator(now: datetime) -> None:
    """Runs the demo market. His authenticator is on: the demo's sign-in page shows its code to whoever may read codes there."""
    name, email = OPERATOR
    who = make_person("operator", email, name, now)
    operators.appoint(who.id, now=now)
    app.draw(who.id, now=now)
    Authenticator.objects.filter(person=who).update(confirmed_at=now)


def make_person(mail: str, email: str, name: str, now: datetime, **columns: str) -> Person:
    """One of the cast. Nobody but `replay` has a password: demo people enter by one tap or a code."""
    return Person.objects.create(name=name, email=email, demo=True, created_at=now, consent_at=now, consent_version="demo", **columns)
