"""`guanxi export --company`: for an owner who cannot sign in, or who asks the operator in writing."""

from pathlib import Path

from django.conf import settings
from django.db.models import Q

from guanxi.base import clock
from guanxi.base.ids import find_id
from guanxi.operate.export.make import write
from guanxi.people.companies.reads import name_key
from guanxi.people.table import Company
from guanxi.supervisor.trouble import Trouble


def export(named: str, file: Path | None) -> Path:
    """Where it was written. Raises Trouble for a company that is not there, for two of one name, and for a file that is."""
    found = list(Company.objects.filter(Q(pk=find_id(named)) | Q(handle=named) | Q(name_key=name_key(named)))[:2])
    if len(found) != 1:
        raise Trouble(f"{len(found) or 'No'} companies are called {named!r}.", remedy="Name it by its handle or id, as the console shows it.")
    now = clock.now()
    target = (file or Path(settings.DATA_DIR) / "exports" / f"{found[0].handle}-{now:%Y%m%d-%H%M%S}.zip").absolute()
    if target.exists():
        raise Trouble(f"{target} is there already.", remedy="Name another file.")
    write(found[0], target, by="guanxi export", now=now)
    return target
