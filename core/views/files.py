"""A stored file, for whoever may read the record it belongs to (附件下载)."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core import attachments
from core.models import Attachment

SHOWN = ("image/jpeg", "image/png", "application/pdf")
"""Types that a browser may show in its window; others are always saved."""


@require_safe
@cache_control(private=True, no_store=True)
def file(request: HttpRequest, uuid: UUID) -> FileResponse:
    """Send the file; 404 for whoever may not read it, as if it did not exist.

    It is sent with the type that its content proved, in a sandbox, and never guessed at.
    """
    row = get_object_or_404(Attachment, uuid=uuid, removed_at__isnull=True)
    if not attachments.may_read(request.user, row):
        raise Http404
    try:
        stored = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        stored,
        as_attachment=row.content_type not in SHOWN,
        filename=row.name,
        content_type=row.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
