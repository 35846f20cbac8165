"""Search in what the caller reaches."""

from django.http import HttpRequest
from ninja import Router, Schema

from guanxi.api.door import need_scope, viewer_of
from guanxi.api.shape import Problem, when
from guanxi.talk.search import reads

router = Router(tags=["conversations"])


class HitShown(Schema):
    conversation: str
    seq: int
    name: str
    by: str
    words: str
    at: str


class HitsShown(Schema):
    items: list[HitShown]


@router.get("/search", response={200: HitsShown, 422: Problem}, summary="Find entries by word, pinyin, number or specification")
def find(request: HttpRequest, q: str = "", limit: int = 50) -> dict:
    """The newest first, at most 50. New entries are found after some seconds; a company's token finds its company's talks only."""
    need_scope(request, "read")
    viewer = viewer_of(request)
    hits = reads.find(viewer, q, limit=limit, alone=viewer.company is not None)
    return {"items": [
        {"conversation": str(hit.conversation), "seq": hit.seq, "name": hit.name, "by": hit.by, "words": hit.words, "at": when(hit.at)} for hit in hits
    ]}  # fmt: skip
