"""An act outside any conversation, done once for its key: the answer is stored in the transaction that did it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from guanxi.talk.call import Call
from guanxi.talk.turn import turns


def keyed(act: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """For acts of people, who know nothing of keys. The key is the acting company's, or the person's when there is none."""

    def done(call: Call, **kwargs: Any) -> dict[str, Any]:
        scoped = call if call.company else replace(call, company=call.person)
        with turns(scoped, []) as held:
            held.result = act(call, **kwargs)
        return held.result

    done.__name__ = getattr(act, "__name__", "act")
    done.__module__ = act.__module__
    return done
