"""Members' photographs 照片: who may see them, and those of a page of members at once."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Subquery

from core import attachments
from core.models import Attachment
from members.models import Member, User
from members.services.people import PHOTO

SUBJECT = "members.member"


def may_see(user: User, member: Member) -> bool:
    """Whoever has an account sees the directory, and the faces in it; the portal shows released ones only."""
    return user.is_active


def photos_of(members: Iterable[Member]) -> dict[int, Any]:
    """The identifier of each member's photograph, by the member's id; one query."""
    ids = [member.pk for member in members]
    rows = Attachment.objects.filter(subject_type=SUBJECT, subject_id__in=ids, kind=PHOTO, removed_at=None)
    return dict(rows.values_list("subject_id", "uuid"))


def photo_column() -> Subquery:
    """The identifier of the photograph as a column of a query of members."""
    rows = attachments.files_under(SUBJECT, OuterRef("pk")).filter(kind=PHOTO)
    return Subquery(rows.order_by("pk").values("uuid")[:1])


def released_photo(member: Member) -> Attachment | None:
    """The photograph that anyone may see, if the office released it and the member is in office."""
    if not (member.photo_released and member.is_active):
        return None
    return attachments.files_of(member).filter(kind=PHOTO).first()


def register() -> None:
    """Let the files of members be read as the directory is."""
    attachments.readable(SUBJECT, may_see)
