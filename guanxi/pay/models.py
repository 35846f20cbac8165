from guanxi.pay.providers.sandbox.table import SandboxCharge, SandboxMove
from guanxi.pay.table import Account, ProviderEvent, Suspense, Transfer

__all__ = ["Account", "ProviderEvent", "SandboxCharge", "SandboxMove", "Suspense", "Transfer"]
