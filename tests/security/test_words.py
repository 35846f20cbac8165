"""Whatever stands in a field or an address: kept or refused with a reason, never an accident (quality.md A25-A28)."""

import re

import pytest

from tests import make
from tests.security import doors
from tests.security.test_reach import Scene, everything, scene  # noqa: F401 the scene is a fixture
from tests.signed import signed

pytestmark = pytest.mark.django_db
ODD = [
    "' OR 1=1 --\"; DROP TABLE talk_entry; %_\\%s{0}{x!r} :*&|!<->() {{7*7}}{% x %} ../../etc/passwd", "a\x00b", "\u202eexe.gpj " + "😀" * 200, "x" * 300_000,
    '["a",{"b":null}]', "-1", "NaN", "1e308", "٣", "\r\nSet-Cookie: a=b",
]  # fmt: skip
IDS = ("order_id", "deal_id", "rfq_id", "quote_id", "deal", "supplier_id", "file")


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_whatever_is_typed_into_a_form_is_kept_or_refused(scene: Scene, odd):  # noqa: F811
    browsers = {side: signed(getattr(scene.pair, side)) for side in ("buyer", "supplier")}
    good = everything(scene)
    for noun, name in doors.powers():
        for given in ({field: good[field] if field in IDS else odd for field in good}, dict.fromkeys(good, odd)):
            for side, browser in browsers.items():
                fields = given | {"as": str(getattr(scene.pair, side).company.id), "seen": "999"}
                answer = browser.post(f"/c/{scene.ids['conversation']}/{noun}/{name}", fields)
                assert answer.status_code in (302, 400, 404, 409, 413, 422, 429), (noun, name, answer.status_code)


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_whatever_stands_behind_the_question_mark_is_no_accident(odd):
    pair = make.pair()
    browser = signed(pair.buyer)
    names = ("q", "side", "show", "page", "before", "after", "cursor", "filter", "next", "to", "order", "sort", "limit", "one", "seen", "password")
    for address in ("/m", "/m/list", "/m/sync", "/rfqs", "/rfqs/new", "/rfqs/companies", "/contacts", "/work", "/notices", "/me", "/signin", "/start",
                    f"/c/{pair.conversation}", f"/c/{pair.conversation}/entries", f"/c/{pair.conversation}/live"):  # fmt: skip
        answer = browser.get(address, dict.fromkeys(names, odd[:2000]))
        assert answer.status_code < 500, (address, answer.status_code)
        assert "a=b" not in str(answer.headers.get("Set-Cookie", ""))


@pytest.mark.parametrize("odd", ["' OR 1=1 --", "%00", "..%2f..%2fetc%2fpasswd", "x" * 5000, "%ED%A0%80", "%F0%9F%98%80", "0", "-1", "null", "*"])
def test_whatever_stands_in_an_address_is_not_found(odd):
    browser = signed(make.pair().buyer)
    for pattern in doors.pages():
        if names := re.findall(r"<(?:\w+:)?(\w+)>", pattern):
            answer = browser.get(doors.aim(pattern, dict.fromkeys(names, odd)).address)
            assert answer.status_code in (302, 404, 405, 400), (pattern, answer.status_code)
