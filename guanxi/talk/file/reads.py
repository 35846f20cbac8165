"""Who may open an upload: its maker, whoever reaches a conversation it is shown in, everyone when it is public."""

from uuid import UUID

from django.db import connection

from guanxi.base.errors import NotFound
from guanxi.people.viewer import Viewer
from guanxi.talk.table import Upload

SHOWN_TO = """
    SELECT 1 FROM talk_attachment a JOIN talk_party p ON p.conversation_id = a.conversation_id AND p.left_at IS NULL
    WHERE a.upload_id = %s AND (p.person_id = %s OR p.company_id = %s) LIMIT 1
"""


def open_to(viewer: Viewer | None, upload_id: UUID) -> Upload:
    """Raises NotFound for what is not there and what is not theirs alike (quality.md A11)."""
    upload = Upload.objects.filter(id=upload_id).first()
    if upload is None or not may_open(viewer, upload):
        raise NotFound
    return upload


def may_open(viewer: Viewer | None, upload: Upload) -> bool:
    """Public, one's own for the company it was made for, or shown where one takes part."""
    if upload.public:
        return True
    if viewer is None:
        return False
    if upload.person_id == viewer.person and upload.company_id in (None, viewer.company):
        return True
    with connection.cursor() as cursor:
        cursor.execute(SHOWN_TO, [upload.id, viewer.person, viewer.company])
        return cursor.fetchone() is not None
