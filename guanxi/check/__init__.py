"""Does everything agree? Entries against rows, balances against transfers, our clearing against the provider's own ledger (design.md section 4)."""

from uuid import UUID

from guanxi.check import log, record
from guanxi.deals.payment import check as payments
from guanxi.pay import check as book


def differences(conversations: list[UUID] | None = None) -> list[str]:
    """Every difference found, in words; of these conversations, or of all."""
    return [*log.differences(conversations), *record.differences(conversations), *payments.differences(conversations), *book.differences(conversations)]
