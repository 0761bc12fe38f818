"""Released photographs of members in office and of studios' work 公开的照片: the only files of the system that anyone may see."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.models import Attachment
from members.models import Member
from members.people.photos import released_photo
from members.services import releasing


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A member's photograph when the office released it; 404 otherwise, as if there were none."""
    member = get_object_or_404(Member, pk=pk, is_active=True, photo_released=True)
    row = released_photo(member)
    if row is None:
        raise Http404
    return _picture(row)


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def studio_photo(request: HttpRequest, pk: int) -> FileResponse:
    """A photograph of a studio's work that the office released; 404 once it is taken back."""
    row = get_object_or_404(releasing.released().select_related("file"), pk=pk)
    return _picture(row.file)


def _picture(row: Attachment) -> FileResponse:
    try:
        stored = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(stored, content_type=row.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
