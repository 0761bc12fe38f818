"""Who is told of a deadline of a matter 提醒对象, its nearest deadline kept on it, messages, and what is cleared daily."""

import datetime as dt
import logging

from django.db.models import Q
from django.urls import reverse

from core import audit, deadlines, notices, options, outbox, reminders
from core.models import Deadline
from core.reminders import Line
from core.subjects import load_subject
from members.matters import people as matter_people
from members.models import Matter, MatterStatus

ROOT = "members.matter"
BATCH = 500
logger = logging.getLogger(__name__)


def register() -> None:
    """Watch the deadlines of matters, answer who is told, and clear personal data every day."""
    deadlines.watch(ROOT, keep_next_due)
    reminders.resolve_with(ROOT, lines)
    reminders.on_sweep(clear_personal_data)


def keep_next_due(matter_ids: list[int]) -> None:
    """Repeat the nearest open deadline of each matter on the matter, for lists."""
    nearest: dict[int, dt.date] = {}
    rows = Deadline.objects.open().filter(root_type=ROOT, root_id__in=matter_ids).order_by("due", "id")
    for root_id, due in rows.values_list("root_id", "due"):
        nearest.setdefault(root_id, due)
    changed = []
    for matter in Matter.objects.filter(pk__in=matter_ids).only("next_due"):
        if matter.next_due != nearest.get(matter.pk):
            matter.next_due = nearest.get(matter.pk)
            changed.append(matter)
    Matter.objects.bulk_update(changed, ["next_due"], batch_size=BATCH)


def lines(rows: list[Deadline]) -> dict[int, Line]:
    """A unit's answer climbs from operator to leader to the liaison office, the rest from host to convener to it."""
    matters = Matter.objects.select_related("studio").defer("text", "answer", "result")
    cases = matters.in_bulk({row.root_id for row in rows})
    handlers = matter_people.handlers(cases.values())
    units = matter_people.of_units({case.unit_id for case in cases.values() if case.unit_id})
    office = matter_people.liaisons()
    found = {}
    for row in rows:
        if (case := cases.get(row.root_id)) is None:
            continue
        if row.kind == "answer" and case.unit_id:
            operators, leaders = units[case.unit_id]
            levels = {1: operators, 2: leaders, 3: office}
        else:
            host, conveners = handlers[case.pk]
            levels = {1: host or conveners or office, 2: conveners or office, 3: office}
        found[row.pk] = Line(called(case), reverse("members:matter", args=[case.pk]), levels)
    return found


def called(matter: Matter) -> str:
    """A matter in a message: its category and studio, never the visitor or his words."""
    return f"民情事项（{matter.category or '未分类'}，{matter.studio}）"


def clear_personal_data(on: dt.date) -> int:
    """Empty name and telephone of visitors whose matter was closed long ago; how many matters."""
    before = on - dt.timedelta(days=options.value("matters.keep_days"))
    rows = Matter.objects.filter(status=MatterStatus.CLOSED, closed_on__lte=before)
    named = rows.filter(~Q(visitor_name="") | ~Q(visitor_phone=""))
    cleared = 0
    while ids := list(named.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        cleared += Matter.objects.filter(pk__in=ids).update(visitor_name="", visitor_phone="")
    if cleared:
        audit.record(verb="matter.clear", summary=f"清除{cleared}件已办结民情事项的来访人姓名、电话")
    return cleared


# --- Messages ----------------------------------------------------------------------------------


def _told(payload: dict, people: list[int], title: str, body: str, matter: Matter) -> None:
    key = f"{ROOT}:{matter.pk}:{payload['verb']}:{payload['entry']}"
    notices.notify(people, key=key, title=title, body=body, url=reverse("members:matter", args=[matter.pk]))


def _matter(payload: dict) -> Matter | None:
    found = load_subject(payload["model"], payload["id"])
    return found if isinstance(found, Matter) else None


@outbox.effect("members.matter_sent")
def sent(payload: dict) -> None:
    """The unit learns what was sent to it."""
    matter = _matter(payload)
    if matter is None or matter.unit_id is None:
        return
    operators, _ = matter_people.of_units([matter.unit_id])[matter.unit_id]
    days = options.value("matters.answer_days")
    _told(payload, operators, f"转来{called(matter)}", f"请在{days}个工作日内答复；不归本单位的，尽快退回。", matter)


@outbox.effect("members.matter_sent_back")
def sent_back(payload: dict) -> None:
    """The studio learns that the matter is its own again."""
    if (matter := _matter(payload)) is not None:
        _told(payload, _studio_people(matter), f"退回{called(matter)}", "请看退回的理由，重新分流。", matter)


@outbox.effect("members.matter_answered")
def answered(payload: dict) -> None:
    """The studio learns the result, and tells the visitor."""
    if (matter := _matter(payload)) is not None:
        body = "请核对公开的结果，告诉来访人，再登记已告知。"
        _told(payload, _studio_people(matter), f"{called(matter)}有结果了", body, matter)


def _studio_people(matter: Matter) -> list[int]:
    host, conveners = matter_people.handlers([matter])[matter.pk]
    return list(dict.fromkeys([*host, *conveners])) or matter_people.liaisons()
