"""A member's own data: photograph 照片, correction 更正, and who looked at a full telephone number."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core import attachments, audit, notices
from core.errors import Refusal
from core.models import Attachment
from members.models import CorrectionRequest, Member, Role, RoleGrant, User
from members.people.political import usual_wording
from members.selectors import mask_phone, sees_phone

PHOTO = "photo"
PICTURES = ("image/jpeg", "image/png")
LARGEST = 2 * 1024 * 1024
"""Bytes of a photograph: lists show many at once."""
CORRECTABLE = ("post", "phone", "political_status", "ethnicity", "born")


def keeps_photo(user: User, member: Member) -> bool:
    """Whether ``user`` may put up or take down this member's photograph: the office, and the member himself."""
    return user.has_perm("members.manage_people") or (member.user_id is not None and member.user_id == user.pk)


@transaction.atomic
def put_photo(member: Member, upload: UploadedFile, *, actor: User) -> Attachment:
    """Store a photograph in place of the one before, not yet released to the public."""
    _check_keeper(member, actor)
    try:
        found = attachments.check(upload)[1]
    except Refusal as refusal:
        raise Refusal(str(refusal), field="photo") from refusal
    if found not in PICTURES:
        raise Refusal("照片只收JPG、PNG图片，请另存后再传。", field="photo")
    if (upload.size or 0) > LARGEST:
        raise Refusal("照片超过2 MB，请缩小后再传。", field="photo")
    held = Member.objects.select_for_update().get(pk=member.pk)
    for old in attachments.files_of(held).filter(kind=PHOTO):
        attachments.remove(old, actor=actor)
    _release(held, False)
    return attachments.add(held, upload, actor=actor, kind=PHOTO)


@transaction.atomic
def drop_photo(member: Member, *, actor: User) -> None:
    """Take the photograph down."""
    _check_keeper(member, actor)
    for old in attachments.files_of(member).filter(kind=PHOTO):
        attachments.remove(old, actor=actor)
    _release(Member.objects.select_for_update().get(pk=member.pk), False)


@transaction.atomic
def release_photo(member: Member, *, actor: User, released: bool) -> Member:
    """Let the public see the photograph, or no longer; the office decides."""
    if not actor.has_perm("members.manage_people"):
        raise Refusal("照片是否公开，由委员联络室决定。")
    held = Member.objects.select_for_update().get(pk=member.pk)
    if released and not attachments.files_of(held).filter(kind=PHOTO).exists():
        raise Refusal("还没有照片，不能公开。")
    _release(held, released)
    words = "照片可以公开" if released else "照片不再公开"
    audit.record(verb="member.photo_release", summary=f"{held.name}：{words}", actor=actor, subject=held)
    return held


def full_phone(member: Member, *, actor: User, reason: str, note: str = "") -> str:
    """The whole number, for those entitled, with the reason in the log; one's own needs none."""
    if member.user_id is not None and member.user_id == actor.pk:
        return member.phone
    if not sees_phone(actor, member):
        raise Refusal("您不能看委员的完整号码。")
    why = "，".join(part for part in (reason.strip(), note.strip()) if part)
    if not why:
        raise Refusal("请写明为什么要看完整号码。", field="reason")
    audit.record(
        verb="member.phone", summary=f"查看{member.name}的完整号码", actor=actor, subject=member, reason=why[:200]
    )
    return member.phone


@transaction.atomic
def ask_correction(member: Member, *, actor: User, note: str = "", **values: Any) -> CorrectionRequest:
    """A member asks for his own data to be corrected; one request at a time."""
    if member.user_id != actor.pk:
        raise Refusal("只能申请更正自己的信息。")
    wanted = {
        name: values[name]
        for name in CORRECTABLE
        if values.get(name) not in (None, "") and values[name] != getattr(member, name)
    }
    if not wanted and not note.strip():
        raise Refusal("没有要更正的内容：请改哪一项填哪一项，或在说明里写清楚。")
    try:
        with transaction.atomic():
            request = CorrectionRequest.objects.create(member=member, made_by=actor, note=note.strip(), **wanted)
    except IntegrityError as error:
        raise Refusal("您已经有一份更正申请在办，办完再提。") from error
    audit.record(
        verb="correction.ask", summary=f"{member.name}申请更正个人信息", actor=actor, subject=request, root=member,
        detail={"fields": sorted(wanted)},
    )  # fmt: skip
    office = RoleGrant.objects.filter(role=Role.LIAISON, user__is_active=True).values_list("user_id", flat=True)
    notices.notify(
        office, key=f"correction:{request.pk}", title=f"{member.name}申请更正个人信息", url=request.get_absolute_url()
    )
    return request


@transaction.atomic
def decide_correction(request: CorrectionRequest, *, actor: User, accept: bool, answer: str = "") -> CorrectionRequest:
    """Accept a correction, which changes the member's data at once, or decline it with the reason."""
    if not actor.has_perm("members.manage_people"):
        raise Refusal("更正申请由委员联络室办理。")
    current = CorrectionRequest.objects.select_for_update().get(pk=request.pk)
    if current.accepted is not None:
        raise Refusal("这份申请已经办过了。")
    if not accept and not answer.strip():
        raise Refusal("不同意的，请写明原因。", field="answer")
    member = Member.objects.select_for_update().get(pk=current.member_id)
    if accept:
        _apply(current, member, actor)
    current.accepted, current.answer = accept, answer.strip()
    current.decided_by, current.decided_at = actor, timezone.now()
    current.save()
    words = "已更正" if accept else "没有更正"
    audit.record(
        verb="correction.decide", summary=f"{member.name}的更正申请：{words}", actor=actor, subject=current,
        root=member, reason=current.answer,
    )  # fmt: skip
    notices.notify(
        [current.made_by_id], key=f"correction:{current.pk}:done", title=f"您申请更正的个人信息{words}",
        body=current.answer, url=reverse("members:item", args=[member.pk]),
    )  # fmt: skip
    return current


def changes_of(request: CorrectionRequest, *, full: bool = False) -> list[tuple[str, str, str]]:
    """What a request would change: name of the column, the value now, the value asked for; numbers masked."""
    found = []
    for name in CORRECTABLE:
        wanted, now = getattr(request, name), getattr(request.member, name)
        if wanted not in (None, ""):
            label = str(Member._meta.get_field(name).verbose_name)
            found.append((label, _words(name, now, full), _words(name, wanted, full)))
    return found


def _words(name: str, value: Any, full: bool) -> str:
    if isinstance(value, date):
        return f"{value.year}年{value.month}月"
    text = str(value or "没有登记")
    return mask_phone(text) if name == "phone" and value and not full else text


def _apply(request: CorrectionRequest, member: Member, actor: User) -> None:
    changes = changes_of(request)
    names = [name for name in CORRECTABLE if getattr(request, name) not in (None, "")]
    for name in names:
        value = getattr(request, name)
        setattr(member, name, usual_wording(value) if name == "political_status" else value)
    if names:
        member.save(update_fields=names)
        audit.record(
            verb="member.correct", summary=f"更正{member.name}的个人信息", actor=actor, subject=member,
            detail={"changes": [list(change) for change in changes]},
        )  # fmt: skip


def _check_keeper(member: Member, actor: User) -> None:
    if not keeps_photo(actor, member):
        raise Refusal("只有委员本人和委员联络室能换照片。")


def _release(member: Member, released: bool) -> None:
    if member.photo_released != released:
        member.photo_released = released
        member.save(update_fields=["photo_released"])
