"""What leaves for whom: by kind, by hour, by hurry."""

from datetime import UTC, datetime, time, timedelta

import pytest

from guanxi.base.errors import Invalid, NotFound
from guanxi.notify.choice import acts
from guanxi.notify.choice.rules import Wish, is_quiet, may_leave
from guanxi.notify.choice.table import Choice
from tests.make import person

NIGHT = Wish(quiet_from=time(22), quiet_to=time(7, 30))


def at(hour: int, minute: int = 0) -> datetime:
    """A moment by the clock of Shanghai."""
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"), [(21, 59, False), (22, 0, True), (23, 30, True), (0, 0, True), (7, 29, True), (7, 30, False), (12, 0, False)]
)
def test_quiet_hours_reach_over_midnight(hour, minute, quiet):
    assert is_quiet(NIGHT, at(hour, minute)) is quiet


def test_quiet_hours_of_a_day_and_of_another_zone():
    noon = Wish(quiet_from=time(12), quiet_to=time(14))
    assert [is_quiet(noon, at(hour)) for hour in (11, 12, 13, 14)] == [False, True, True, False]
    assert is_quiet(Wish(quiet_from=time(22), quiet_to=time(7), zone="Europe/London"), at(10)) is True
    assert is_quiet(Wish(), at(3)) is False


@pytest.mark.parametrize(
    ("wish", "turn", "hours_left", "leaves"),
    [
        (Wish(), "quote", None, True), (Wish(turns=False), "quote", 1, False), (Wish(turns=False), "pay", 100, True), (Wish(money=False), "pay", 1, False),
        (NIGHT, "quote", 1, False), (NIGHT, "pay", 100, False), (NIGHT, "pay", 23, True), (NIGHT, "pay", None, False),
    ],
)  # fmt: skip
def test_money_that_runs_out_comes_at_night_and_nothing_else_does(wish, turn, hours_left, leaves):
    now = at(23)
    assert may_leave(wish, turn, None if hours_left is None else now + timedelta(hours=hours_left), now) is leaves


@pytest.mark.django_db
class TestSaving:
    def test_who_chose_nothing_is_told_of_everything(self):
        assert acts.of(person().id).wish == Wish()

    def test_a_choice_stands_and_is_changed(self):
        ana = person()
        acts.save(ana.id, {"turns": "", "money": "1", "quiet_from": "22:00", "quiet_to": "07:30", "zone": "Asia/Tokyo", "digest": "1"})
        assert acts.wishes([ana.id]) == {ana.id: Wish(turns=False, money=True, quiet_from=time(22), quiet_to=time(7, 30), zone="Asia/Tokyo")}
        acts.save(ana.id, {"turns": "1"})
        assert acts.of(ana.id).wish == Wish(turns=True, money=False)

    @pytest.mark.parametrize(
        ("wrong", "field"), [({"quiet_from": "22:00"}, "quiet_to"), ({"quiet_from": "25:00", "quiet_to": "07:00"}, "quiet_from"), ({"zone": "Mars"}, "zone")]
    )
    def test_bad_input_names_its_field_and_changes_nothing(self, wrong, field):
        with pytest.raises(Invalid) as refused:
            acts.save(person().id, wrong)
        assert field in refused.value.fields
        assert not Choice.objects.exists()

    def test_the_link_in_the_mail_ends_it_and_no_other_does(self):
        ana, bo = person(), person("Bo")
        for one in (ana, bo):
            acts.save(one.id, {"digest": "1"})
        with pytest.raises(NotFound):
            acts.stop_digest(acts.stop_token(ana.id)[:-2] + "xx")
        acts.stop_digest(acts.stop_token(ana.id))
        assert (acts.of(ana.id).digest, acts.of(bo.id).digest) == (False, True)
