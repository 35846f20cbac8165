"""The one job there is: perform an effect that failed when it was tried at once."""

from typing import Any
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from guanxi.base import clock
from guanxi.base.outbox.effect import run_effect

WAIT = 2  # seconds
TRY_AGAIN = RetryStrategy(max_attempts=12, exponential_wait=WAIT)


@app.task(name="perform", queue="effects", retry=TRY_AGAIN)
def perform(*, name: str, conversation: str, body: dict[str, Any], key: str) -> None:
    """Run the effect; a failure is tried again after 2, 4, 8 ... seconds."""
    run_effect(name, UUID(conversation), body, key=key, now=clock.now())
