"""The speaking list 发言顺序 and what is handed in for it: members hand in, the office orders, the ledger follows."""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from consultations import terms
from consultations.models import Consultation, ConsultationStatus, Speech
from consultations.services.sessions import SOURCE, lock
from core import attachments, audit, outbox
from core.acts import require, words
from core.errors import Refusal
from core.models import AuditEntry, Deadline
from members.models import Member

Way = Speech.Way
OVER = (ConsultationStatus.CANCELLED, ConsultationStatus.CLOSED)
AHEAD = (ConsultationStatus.PLANNED, ConsultationStatus.NOTIFIED)
MOST_MINUTES, MOST_FILES, MOST_SPEAKERS = 240, 5, 200


@transaction.atomic
def add_speech(
    row: Consultation, member: Member | None, *, actor: Any, way: str, title: str = "", text: str = "", guest: str = "",
    minutes: int | None = None,
) -> Speech:  # fmt: skip
    """Record who speaks or handed in an opinion; the same once more corrects it. Guests have a name instead."""
    current = _open(row)
    require(actor, "consultations.run", current, act="登记发言")
    if member is None:
        guest = words(guest, "发言人", field_name="member", limit=60)
        if way != Way.SPOKEN:
            raise Refusal("书面意见只登记委员的。", field="way")
        known = current.speeches.filter(way=way, guest=guest).first()
    else:
        known = current.speeches.filter(way=way, member=member).first()
    speech = known or Speech(consultation=current, member=member, guest="" if member else guest, way=way)
    speech.title, speech.dropped = title.strip()[:120], False
    speech.text = text.strip() or speech.text
    speech.minutes = _minutes(minutes)
    if known is None:
        _not_too_many(current)
        speech.order = _last(current) if way == Way.SPOKEN else 0
    speech.save()
    words_ = "更正" if known else "登记"
    _log(current, f"{words_}{speech.speaker}{speech.get_way_display()}", actor)
    _papers_awaited(current, speech)
    return speech


@transaction.atomic
def hand_in(
    row: Consultation, *, actor: Any, title: str, text: str = "", asks_to_speak: bool = False,
    files: Iterable[UploadedFile] = (),
) -> Speech:  # fmt: skip
    """A member who is invited hands in what he wrote 发言材料; again replaces the text, files are added.

    Whom the office put on the speaking list hands in the text of his speech.
    """
    current = _open(row)
    member = Member.objects.filter(pk=actor.member_id or 0, is_active=True).first()
    if member is None or not _takes_part(current, member):
        raise Refusal("您不在这场协商的名单里，不能交材料。")
    given = [file for file in files if file]
    if not text.strip() and not given:
        raise Refusal("请写上内容，或者传一个文件。", field="text")
    mine = {speech.way: speech for speech in current.speeches.filter(member=member)}
    speech = mine.get(Way.SPOKEN) if current.status in AHEAD else None
    speech = speech or mine.get(Way.WRITTEN) or Speech(consultation=current, member=member, way=Way.WRITTEN)
    speech.title = words(title, "题目", field_name="title", limit=120)
    speech.text = text.strip() or speech.text
    speech.asks_to_speak = asks_to_speak and current.status in AHEAD
    first = speech.handed_in_at is None
    speech.handed_in_at = speech.handed_in_at or timezone.now()
    speech.save()
    for upload in given:
        attachments.add(speech, upload, actor=actor, kind="speech", most=MOST_FILES)
    _log(current, f"{member}{'交来' if first else '改了'}发言材料", actor)
    _papers_in(current)
    return speech


@transaction.atomic
def put_on_list(speech: Speech, *, actor: Any) -> Speech:
    """What was handed in is spoken at the session: last on the speaking list."""
    current, speech = _of(speech, actor)
    _ahead(current)
    if speech.way == Way.SPOKEN:
        return speech
    if current.speeches.filter(member=speech.member_id, way=Way.SPOKEN).exists():
        raise Refusal(f"{speech.speaker}已经在发言名单里。")
    speech.way, speech.order = Way.SPOKEN, _last(current)
    speech.save(update_fields=["way", "order"])
    _log(current, f"{speech.speaker}列入会上发言", actor)
    return speech


@transaction.atomic
def make_written(speech: Speech, *, actor: Any) -> Speech:
    """Take a member off the speaking list; what he handed in stays as a written opinion."""
    current, speech = _of(speech, actor)
    _ahead(current)
    if speech.way == Way.WRITTEN:
        return speech
    if speech.member_id is None or speech.handed_in_at is None:
        raise Refusal(f"{speech.speaker}没有交材料，不能改成书面意见；不发言的，请去掉。")
    if current.speeches.filter(member=speech.member_id, way=Way.WRITTEN).exists():
        raise Refusal(f"{speech.speaker}已经有一份书面意见。")
    speech.way, speech.order = Way.WRITTEN, 0
    speech.save(update_fields=["way", "order"])
    _log(current, f"{speech.speaker}改为书面意见", actor)
    return speech


@transaction.atomic
def move(speech: Speech, *, actor: Any, by: int) -> bool:
    """Move an entry up (-1) or down (+1) the speaking list; whether it moved. The whole list is numbered anew."""
    current, speech = _of(speech, actor)
    _ahead(current)
    rows = list(current.speeches.on_the_list())
    place = next((at for at, one in enumerate(rows) if one.pk == speech.pk), None)
    if place is None or not 0 <= place + by < len(rows):
        return False
    rows.insert(place + by, rows.pop(place))
    _number(rows)
    return True


@transaction.atomic
def arrange(row: Consultation, ids: list[int], *, actor: Any) -> int:
    """Put the speaking list into this order; entries that are not named follow in the order they had."""
    current = _open(row)
    require(actor, "consultations.run", current, act="排发言顺序")
    _ahead(current)
    rows = {one.pk: one for one in current.speeches.on_the_list()}
    named = list(dict.fromkeys(pk for pk in ids if pk in rows))
    _number([rows[pk] for pk in [*named, *(pk for pk in rows if pk not in set(named))]])
    _log(current, "排定发言顺序", actor)
    return len(named)


@transaction.atomic
def change(speech: Speech, *, actor: Any, title: str, minutes: int | None = None, text: str | None = None) -> Speech:
    """Change topic, minutes or text of an entry."""
    current, speech = _of(speech, actor)
    speech.title, speech.minutes = title.strip()[:120], _minutes(minutes)
    if text is not None:
        speech.text = text.strip()
    speech.save(update_fields=["title", "minutes", "text"])
    _log(current, f"改了{speech.speaker}的发言", actor)
    _papers_in(current)
    return speech


@transaction.atomic
def heard(speech: Speech, *, actor: Any, spoke: bool, reason: str = "") -> Speech:
    """Correct whether somebody really spoke; the ledger takes back or adds."""
    current, speech = _of(speech, actor)
    if speech.dropped == (not spoke):
        return speech
    speech.dropped = not spoke
    speech.save(update_fields=["dropped"])
    _log(current, f"更正：{speech.speaker}{'发了言' if spoke else '没有发言'}", actor, reason)
    return speech


@transaction.atomic
def remove(speech: Speech, *, actor: Any, reason: str = "") -> None:
    """Take an entry away; after the session with a reason, and the ledger takes it back."""
    current, speech = _of(speech, actor)
    if current.status not in AHEAD and not reason.strip():
        raise Refusal("会已经开过了，去掉要写理由。", field="reason")
    if current.status in AHEAD and speech.handed_in_at is not None:
        raise Refusal(f"{speech.speaker}已经交来材料，不能去掉；不在会上发言的，请改为书面意见。")
    name = f"{speech.speaker}{speech.get_way_display()}"
    speech.delete()
    _log(current, f"去掉{name}", actor, reason)


@transaction.atomic
def papers_are_in(row: Consultation, *, actor: Any) -> None:
    """The office says that no more papers are waited for."""
    current = _open(row)
    require(actor, "consultations.run", current, act="收齐发言材料")
    _ahead(current)
    if not Deadline.objects.of(current).open().filter(kind=terms.PAPERS).exists():
        raise Refusal("发言材料已经收齐了。")
    terms.met_before(current, terms.PAPERS, on=timezone.localdate())
    _log(current, "发言材料收齐", actor)


# --- Small parts ------------------------------------------------------------------------------


def _open(row: Consultation) -> Consultation:
    current = lock(row)
    if current.status in OVER:
        raise Refusal(f"现在是“{current.get_status_display()}”，不能再登记发言。")
    return current


def _of(speech: Speech, actor: Any) -> tuple[Consultation, Speech]:
    """The locked session and the entry as it is now, for whoever runs the session."""
    current = _open(speech.consultation)
    require(actor, "consultations.run", current, act="登记发言")
    found = current.speeches.select_related("member").filter(pk=speech.pk).first()
    if found is None:
        raise Refusal("这一条刚被去掉了，请刷新后再看。")
    return current, found


def _ahead(current: Consultation) -> None:
    if current.status not in AHEAD:
        raise Refusal(f"现在是“{current.get_status_display()}”，发言顺序不能再排。")


def _takes_part(row: Consultation, member: Member) -> bool:
    """Whether a member is invited and told, or prepares the session."""
    told = row.status != ConsultationStatus.PLANNED and row.activity is not None
    if told and row.activity.attendances.filter(member=member).exists():
        return True
    return row.team.filter(member=member).exists()


def _not_too_many(current: Consultation) -> None:
    if current.speeches.count() >= MOST_SPEAKERS:
        raise Refusal(f"一场协商最多登记{MOST_SPEAKERS}份发言。")


def _minutes(minutes: int | None) -> int | None:
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise Refusal(f"发言时间填1到{MOST_MINUTES}分钟。", field="minutes")
    return minutes


def _last(current: Consultation) -> int:
    last = current.speeches.on_the_list().last()
    return last.order + 1 if last else 1


def _number(rows: list[Speech]) -> None:
    for place, one in enumerate(rows, 1):
        one.order = place
    Speech.objects.bulk_update(rows, ["order"], batch_size=500)


def _papers_in(current: Consultation) -> None:
    """The term for papers is met once every member on the list has given his text."""
    listed = [one for one in current.speeches.on_the_list() if one.member_id]
    if listed and all(one.handed_in_at or one.text for one in listed):
        terms.met_before(current, terms.PAPERS, on=timezone.localdate())


def _papers_awaited(current: Consultation, speech: Speech) -> None:
    """A member who is put on the list without a text is waited for again."""
    if current.status in AHEAD and speech.member_id and not (speech.handed_in_at or speech.text):
        terms.await_papers(current, today=timezone.localdate())


def _log(current: Consultation, summary: str, actor: Any, reason: str = "") -> AuditEntry:
    """Write the log; after the session the ledger is brought up to date."""
    entry = audit.record(
        verb="consultation.speech",
        summary=summary[:200],
        actor=actor,
        subject=current,
        root=current,
        reason=reason.strip(),
    )
    if current.status not in AHEAD:
        payload = {
            "model": SOURCE, "id": current.pk, "verb": "speech", "actor": actor.pk if actor else None, "entry": entry.seq,
        }  # fmt: skip
        outbox.add("consultations.duty", key=f"consultations.duty:{entry.seq}", payload=payload)
    return entry
