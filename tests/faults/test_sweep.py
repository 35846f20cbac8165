"""The gateway's five-second look goes on for ever, whatever one of its parts meets."""

import asyncio
from types import SimpleNamespace

import pytest

from guanxi.talk.gateway import sweep


@pytest.mark.fault
def test_f10_a_look_that_fails_ends_neither_the_others_nor_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "EVERY_SECONDS", 0.01)
    looked: list[str] = []
    one = sweep.Sweep(SimpleNamespace())

    def fails() -> None:
        looked.append("fails")
        raise RuntimeError("a socket in an odd state")

    for name, look in {"heads": fails, "sign_ins": fails, "companies": lambda: looked.append("well"), "silence": fails}.items():
        look.__name__ = name
        monkeypatch.setattr(one, name, look)

    async def for_a_while() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(one.run(), 0.3)

    asyncio.run(for_a_while())
    assert looked.count("well") > 2
    assert looked.count("fails") > 6
