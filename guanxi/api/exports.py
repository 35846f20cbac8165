"""Everything a company did, in one file (docs/api/export.md). For its owner's token."""

from django.http import FileResponse, HttpRequest
from ninja import Router, Schema

from guanxi.api.door import act, company_of, need_scope, viewer_of
from guanxi.api.paging import page
from guanxi.api.shape import Problem, an_id, when
from guanxi.base import clock
from guanxi.people.exports import acts, reads
from guanxi.people.exports.table import CompanyExport
from guanxi.talk.keyed import keyed

router = Router(tags=["exports"])
ERRORS = {404: Problem, 409: Problem, 422: Problem}


class ExportShown(Schema):
    """`state` waiting, ready, failed, gone; `done` in percent; `file` is the address of the zip while it can be fetched."""

    id: str
    state: str
    done: int
    bytes: int
    made_at: str
    expires_at: str | None
    file: str | None


class ExportsShown(Schema):
    items: list[ExportShown]
    next: str | None


@router.get("/exports", response={200: ExportsShown, 409: Problem, 422: Problem}, summary="Exports of your company, the newest first")
def exports(request: HttpRequest, cursor: str = "", limit: int = 50) -> dict:
    need_scope(request, "read")
    company_of(request)
    found, more = page(reads.mine(viewer_of(request)), by="made_at", cursor=cursor, limit=limit)
    return {"items": [shown(row) for row in found], "next": more}


@router.post("/exports", response={200: ExportShown, **ERRORS}, summary="Ask for an export")
def create(request: HttpRequest) -> dict:
    """The worker makes it; ask again how far it is. Three a day."""
    made = act(request, keyed(acts.ask), scope="read")
    return shown(CompanyExport.objects.get(pk=made["export"]))


@router.get("/exports/{export_id}/file", response={200: None, **ERRORS}, summary="The zip")
def file(request: HttpRequest, export_id: str) -> FileResponse:
    need_scope(request, "read")
    row = reads.ready(viewer_of(request), an_id(export_id), now=clock.now())
    return FileResponse(acts.place(row.company_id, row.id).open("rb"), content_type="application/zip", as_attachment=True, filename=f"{row.id}.zip")


def shown(row: CompanyExport) -> dict:
    state = "gone" if row.expires_at and row.expires_at <= clock.now() else row.state
    return {
        "id": str(row.id), "state": state, "done": row.done, "bytes": row.bytes, "made_at": when(row.made_at), "expires_at": when(row.expires_at),
        "file": f"/api/v1/exports/{row.id}/file" if state == "ready" else None,
    }  # fmt: skip
