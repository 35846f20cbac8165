"""Setting up and changing a company."""

from datetime import timedelta

import pytest

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.people.companies import acts, forms, reads
from guanxi.people.regions import region_choices, region_name, regions
from guanxi.people.sectors import SECTORS
from guanxi.people.table import Company, Membership
from guanxi.talk.call import by_viewer
from guanxi.talk.keyed import keyed
from guanxi.talk.run import once
from tests.make import company, member, person, viewer

CODE = "91110000600037341L"  # the example of GB 32100 that python-stdnum tests with


def draft(**given) -> forms.Draft:
    return forms.read({"name": "温州海川机电有限公司"} | given)


def test_a_credit_code_is_checked_by_its_last_sign():
    assert draft(credit_code="9111 0000 6000 3734 1l").credit_code == CODE
    for bad in ("911100006000373411", "91110000", CODE + "X", "I" * 18, "９" * 18, "' OR 1=1 --        "):
        with pytest.raises(Invalid) as told:
            draft(credit_code=bad)
        assert set(told.value.fields) == {"credit_code"}


def test_a_foreign_company_has_a_registration_and_no_credit_code():
    made = draft(country="GB", registration="SC123456", credit_code=CODE, region="330300")
    assert (made.country, made.registration, made.credit_code, made.region) == ("GB", "SC123456", "", "")
    assert draft(registration="HRB 1").registration == ""


@pytest.mark.parametrize("field", ["name", "credit_code", "country", "registration", "sector", "region", "intro", "door"])
@pytest.mark.parametrize("value", [7, True, ["x"], {"a": 1}, "\x00bad", "\ud800bad", "x" * 1_000_000])
def test_every_field_takes_only_what_it_is_for(field, value):
    with pytest.raises(Invalid) as told:
        forms.read({"name": "Haichuan"} | {field: value})
    assert field in told.value.fields


def test_all_wrong_fields_are_told_at_once():
    with pytest.raises(Invalid) as told:
        forms.read({"name": "", "sector": "nothing", "region": "999999", "credit_code": "1"})
    assert set(told.value.fields) == {"name", "sector", "region", "credit_code"}


def test_the_tables_that_ship():
    assert len(SECTORS) == 12
    provinces = [one for one in regions().values() if one.code == one.province]
    assert len(provinces) == 34
    assert all(one.province in regions() for one in regions().values())
    assert len(region_choices()) == len(regions()) == 373
    assert region_name("330400") in ("浙江嘉兴", "Jiaxing, Zhejiang")
    assert region_name("000000") == ""


@pytest.mark.django_db
def test_whoever_sets_it_up_owns_it():
    who = person("Ana")
    made = acts.create(by_viewer(viewer(who)), draft=draft(sector="machinery", region="330300"))
    row = Company.objects.get(pk=made["company"])
    assert (row.name, row.sector, row.region, row.verified_at, row.people_version) == ("温州海川机电有限公司", "machinery", "330300", None, 1)
    assert Membership.objects.get().role == "owner"


@pytest.mark.django_db
def test_handles_are_words_for_latin_names_and_drawn_for_others_and_never_twice():
    call = by_viewer(viewer(person("Ana")))
    names = ["Mountain Works Ltd.", "Mountain Works Ltd.", "温州海川", "温州海川", "A", "../../etc"]
    made = [Company.objects.get(pk=acts.create(call, draft=forms.Draft(name=name))["company"]).handle for name in names]
    assert made[0] == "mountain-works-ltd"
    assert len(set(made)) == len(made)
    assert all(set(handle) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for handle in made)


@pytest.mark.django_db
def test_a_code_that_a_verified_company_holds_says_whom_to_ask():
    call = by_viewer(viewer(person("Ana")))
    acts.create(call, draft=draft(credit_code=CODE))
    acts.create(call, draft=draft(credit_code=CODE))  # among unverified ones it may stand twice
    Company.objects.filter(pk=Company.objects.first().pk).update(verified_at=clock.now())
    with pytest.raises(Invalid) as told:
        acts.create(call, draft=draft(credit_code=CODE))
    assert "温州海川机电有限公司" in str(told.value)
    assert Company.objects.count() == 2


@pytest.mark.django_db
def test_a_repeated_key_makes_one_company():
    call = by_viewer(viewer(person("Ana"))).keyed("key-0001", "x")
    first, again = (once(keyed(acts.create), call, draft=draft()) for _n in range(2))
    assert first["company"] == again["company"]
    assert Company.objects.count() == 1


@pytest.mark.django_db
def test_twenty_companies_a_day():
    call = by_viewer(viewer(person("Ana")))
    for _n in range(20):
        acts.create(call, draft=draft())
    with pytest.raises(Exception, match=r"Too many|太"):
        acts.create(call, draft=draft())
    assert Company.objects.count() == 20


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["sales", "purchaser", "finance", "viewer"])
def test_a_lower_role_changes_nothing(role):
    of, who = company("Minggu", intro="before"), person()
    member(of, who, role)
    with pytest.raises(Refused):
        acts.edit(by_viewer(viewer(who, of, "owner")), draft=draft(intro="after"))
    assert Company.objects.get().intro == "before"


@pytest.mark.django_db
def test_a_former_member_and_a_stranger_find_nothing():
    of, who = company("Minggu", intro="before"), person()
    row = member(of, who)
    Membership.objects.filter(pk=row.pk).update(ended_at=clock.now() + timedelta(seconds=1))
    for one in (who, person("Cy")):
        with pytest.raises(NotFound):
            acts.edit(by_viewer(viewer(one, of)), draft=draft())
    assert Company.objects.get().intro == "before"


@pytest.mark.django_db
def test_checked_data_stay_and_the_rest_may_change():
    of, who = company("Minggu", credit_code=CODE, verified_at=clock.now()), person()
    member(of, who)
    call = by_viewer(viewer(who, of))
    for other in ({"name": "Minggu Holding"}, {"name": "Minggu"}, {"name": "Minggu", "credit_code": CODE, "country": "GB"}):
        with pytest.raises(Refused):
            acts.edit(call, draft=forms.read(other))
    acts.edit(call, draft=forms.read({"name": "Minggu", "credit_code": CODE, "intro": "304 and 316", "door": "name"}))
    assert (Company.objects.get().intro, Company.objects.get().door) == ("304 and 316", "name")


@pytest.mark.django_db
def test_a_company_is_found_by_its_exact_name_however_it_is_spaced():
    made = company("Minggu", name_key=reads.name_key("嘉兴铭固（中国）Fasteners"))
    assert reads.by_name("嘉兴 铭固(中国) FASTENERS") == [made]
    for almost in ("嘉兴铭固", "", "（）", "%", "嘉兴铭固中国Fastener", "\x00"):
        assert reads.by_name(almost) == []
