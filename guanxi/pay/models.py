from guanxi.pay.table import Account, ProviderEvent, Suspense, Transfer

__all__ = ["Account", "ProviderEvent", "Suspense", "Transfer"]
