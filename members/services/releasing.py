"""Release photographs of activities and studios to the public 公开照片, and take them back; the liaison office decides.

Nothing of a studio's or an activity's files is public of itself: a photograph becomes so one by one,
with words below it and the consent of the people on it.
"""

from datetime import date

from django.db import models, transaction
from django.utils import timezone

from core import audit
from core.acts import require, words
from core.errors import Refusal
from core.models import Attachment
from members.models import ReleasedPhoto, Studio, User

RELEASE = "members.release_photos"
PICTURES = ("image/jpeg", "image/png")


@transaction.atomic
def release(file: Attachment, *, actor: User, studio: Studio, on: date, caption: str, consented: bool) -> ReleasedPhoto:
    """Let anyone see a photograph on a studio's page; ``on`` is the day of what it shows."""
    require(actor, RELEASE, act="公开照片")
    if file.content_type not in PICTURES or file.removed_at:
        raise Refusal("只能公开JPG、PNG照片。", field="file")
    if not consented:
        raise Refusal("要先得到照片里的人同意，才能公开。", field="consented")
    said = words(caption, "照片说明", field_name="caption", limit=80)
    Attachment.objects.select_for_update().get(pk=file.pk)
    if ReleasedPhoto.objects.filter(file=file, withdrawn_at__isnull=True).exists():
        raise Refusal("这张照片已经公开了。")
    row = ReleasedPhoto.objects.create(file=file, studio=studio, on=on, caption=said, consented=True, released_by=actor)
    audit.record(
        verb="studio.photo_release", actor=actor, subject=row, root=studio, summary=f"公开照片：{said}",
        detail={"sha256": file.sha256},
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw(row: ReleasedPhoto, *, actor: User) -> ReleasedPhoto:
    """Take a photograph off the public page; twice is once."""
    require(actor, RELEASE, act="撤下照片")
    stored = ReleasedPhoto.objects.select_for_update(of=("self",)).select_related("studio").get(pk=row.pk)
    if stored.withdrawn_at is None:
        stored.withdrawn_at = timezone.now()
        stored.save(update_fields=["withdrawn_at"])
        audit.record(
            verb="studio.photo_withdraw", actor=actor, subject=stored, root=stored.studio,
            summary=f"撤下照片：{stored.caption}",
        )  # fmt: skip
    return stored


def released() -> models.QuerySet[ReleasedPhoto]:
    """Photographs that anyone may see now: not withdrawn, the file not removed, the studio in use."""
    return ReleasedPhoto.objects.filter(
        withdrawn_at__isnull=True, file__removed_at__isnull=True, studio__is_active=True
    )
