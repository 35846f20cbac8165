"""The words of the product: all there, exact, and read out of every place they can stand in."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from guanxi.web import messages


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(messages, "HOUSE", tmp_path)
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    (tmp_path / "act.py").write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext_lazy, pgettext_lazy\n"
        "a = _('Pay %(sum)s')\nb = ngettext_lazy('%(n)s day', '%(n)s days')\nc = pgettext_lazy('verb', 'Order')\n"
    )
    (tmp_path / "page.html").write_text('{% macro m() %}{{ _("Send {n}") }}{% endmacro %}{% trans %}Close{% endtrans %}')
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_act.py").write_text("_('never shown')")
    return tmp_path


def tell(house: Path, *lines: str) -> Path:
    folder = house / "given"
    folder.mkdir(exist_ok=True)
    (folder / "a.tsv").write_text("".join(line + "\n" for line in lines))
    return folder


ALL = ("Pay %(sum)s\t付 %(sum)s", "%(n)s day\t%(n)s 天", "Order\t下单\tverb", "Send {n}\t发给 {n} 家", "Close\t关闭")


def test_lazy_plural_and_contextual_messages_are_found(house):
    assert {messages.key_of(message) for message in messages.found() if message.id} == {
        (None, "Pay %(sum)s"),
        (None, "%(n)s day"),
        ("verb", "Order"),
        (None, "Send {n}"),
        (None, "Close"),
    }


def test_complete_translations_pass_and_stay_over_a_second_run(house):
    assert messages.main(["--from", str(tell(house, *ALL))]) == 0
    first = messages.po_path("zh_Hans").read_bytes()
    assert messages.main([]) == 0
    assert messages.po_path("zh_Hans").read_bytes() == first
    assert list(messages.problems("zh_Hans")) == []
    assert messages.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (ALL[1:], "untranslated: 'Pay %(sum)s'"),
        (("Pay %(sum)s\t付 %(total)s", *ALL[1:]), "placeholders ['%(total)s'] instead of ['%(sum)s']: 'Pay %(sum)s'"),
        ((*ALL[:3], "Send {n}\t发出", ALL[4]), "placeholders [] instead of ['{n}']: 'Send {n}'"),
    ],
)
def test_what_is_lacking_or_inexact_fails(house, change, problem):
    messages.update(messages.given_in(tell(house, *change)))
    assert list(messages.problems("zh_Hans")) == [problem]
    assert messages.main(["--check"]) == 1


def test_new_and_obsolete_messages_fail_until_the_catalogue_is_written(house):
    messages.update(messages.given_in(tell(house, *ALL)))
    (house / "page.html").write_text('{{ _("Open") }}{{ _("Send {n}") }}')
    assert list(messages.problems("zh_Hans")) == ["missing: 'Open'", "obsolete: 'Close'"]


def test_compiling_writes_what_django_reads(house):
    messages.main(["--from", str(tell(house, *ALL))])
    assert "关闭".encode() in messages.po_path("zh_Hans").with_suffix(".mo").read_bytes()


def test_a_fuzzy_translation_does_not_pass():
    assert messages.problem(Message("Close", "关", flags=["fuzzy"])) == "fuzzy"
    assert Catalog(locale="zh_Hans").num_plurals == 1


def test_the_product_speaks_chinese_in_full():
    assert list(messages.problems("zh_Hans")) == []
