"""What the sides show: words and files with their hashes, only ever added."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, Refused
from guanxi.base.ids import new_id
from guanxi.deals.dispute.matter import Matter
from guanxi.deals.dispute.table import Evidence
from guanxi.talk.table import Attachment, Upload

MOST_FILES, MOST = 9, 100


def keep(at: Matter, text: str, files: Sequence[UUID], *, n: int = 0) -> Evidence:
    """The next piece of evidence, or the `n`th. Raises Invalid for files of another, Refused when there is enough."""
    turn = at.turn
    n = n or (Evidence.objects.of(turn.conversation).filter(dispute=at.dispute).aggregate(n=Max("n"))["n"] or 0) + 1
    if n > MOST:
        raise Refused("enough-evidence", _("There is enough evidence by now."))
    return Evidence.objects.create(
        id=new_id(), conversation_id=turn.conversation, dispute=at.dispute, n=n, side=at.side, by_person=turn.call.person, by_name=turn.call.name,
        text=text, files=shown(at, files), at=turn.now,
    )  # fmt: skip


def shown(at: Matter, files: Sequence[UUID]) -> list[dict[str, Any]]:
    """The files, from now on open to both sides: name, size, type and the sha256 of the bytes as we keep them."""
    wanted = list(dict.fromkeys(files))
    if not wanted:
        return []
    found = {upload.id: upload for upload in Upload.objects.filter(id__in=wanted, company_id=at.turn.call.company, person_id__isnull=False)}
    if len(wanted) > MOST_FILES or len(found) != len(wanted) or at.turn.call.company is None:
        raise Invalid({"files": _("This file is not there any more. Send it again.")})
    Attachment.objects.bulk_create([Attachment(conversation_id=at.turn.conversation, upload_id=one) for one in wanted], ignore_conflicts=True)
    return [picture(found[one]) for one in wanted]


def picture(upload: Upload) -> dict[str, Any]:
    """One file as evidence keeps it."""
    return {"upload": str(upload.id), "name": upload.name, "mime": upload.mime, "size": upload.size, "sha256": upload.sha256, "picture": bool(upload.thumb)}
