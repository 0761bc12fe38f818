"""What follows a move of a report: a message to everyone concerned, and the duty ledger brought up to date.

Handlers run at least once; the key of a message is the log entry of the move, so a repeat writes
nothing. A record that is gone by then needs no message.
"""

from collections.abc import Callable, Iterable
from typing import Any

from core import notices, outbox
from core.models import AuditEntry
from core.subjects import load_subject
from members.models import Role
from sentiment import duty, matters, people
from sentiment.models import Bulletin, Forward, ForwardStatus, OpinionReport


def on(name: str) -> Callable[[Callable[[Any, dict], None]], Callable[[dict], None]]:
    """Register ``handler(record, payload)`` under ``sentiment.<name>``."""

    def register(handler: Callable[[Any, dict], None]) -> Callable[[dict], None]:
        def run(payload: dict) -> None:
            if (record := load_subject(payload["model"], payload["id"])) is not None:
                handler(record, payload)

        return outbox.effect(f"sentiment.{name}")(run)

    return register


def tell(recipients: Iterable[int], payload: dict, *, title: str, body: str, url: str, part: str = "") -> None:
    """One message a person about one move; ``part`` tells several messages of one move apart."""
    key = (
        f"sentiment:{payload['model']}:{payload['id']}:{payload.get('verb', '')}:{payload.get('entry', 'once')}:{part}"
    )
    notices.notify(recipients, key=key, title=title[:200], body=body, url=url)


def reason(payload: dict) -> str:
    """The reason as the log has it."""
    entry = AuditEntry.objects.filter(pk=payload.get("entry")).only("reason").first()
    return entry.reason if entry else ""


@on("submitted")
def submitted(report: OpinionReport, payload: dict) -> None:
    """The editors take it in; the author has his receipt."""
    url = report.get_absolute_url()
    tell(
        people.with_roles(Role.INFO_EDITOR),
        payload,
        title=f"收到来稿《{report.title}》",
        body=f"{report.reporter_name}报送，请处理。",
        url=url,
        part="office",
    )
    tell(
        people.authors(report),
        payload,
        title=f"《{report.title}》已报送",
        body=f"来稿编号{report.code}。怎么处理会告诉您，现在不用办什么。",
        url=url,
    )


def _to_authors(name: str, title: str, body: str) -> None:
    """Register a message to the authors, with the office's reason after ``body``."""

    @on(name)
    def handler(report: OpinionReport, payload: dict) -> None:
        why = reason(payload)
        words = f"{body}{'意见：' + why if why else ''}"
        tell(
            people.authors(report), payload, title=title.format(report.title), body=words, url=report.get_absolute_url()
        )


_to_authors("returned", "《{}》退回修改", "请按意见修改后再报送。")
_to_authors("kept", "《{}》已留存", "这次没有编发，留作参考。")
_to_authors("to_proposal", "《{}》建议写成提案", "内容更适合用提案反映，打开来稿点“写成提案”，文字会带过去。")
_to_authors("combined", "《{}》编入综合信息", "您反映的内容与其他来稿一起编成综合，署名都保留。")
_to_authors("issued", "《{}》已刊发", "已报送区委、区政府领导，转办和批示情况会告诉您。")
_to_authors("closed", "《{}》已办结", "感谢您反映情况。")


@on("to_check")
def to_check(report: OpinionReport, payload: dict) -> None:
    """Whoever checks, but not the editor himself."""
    told = set(people.with_roles(Role.INFO_CHECKER, Role.INFO_SIGNER)) - {report.editor_id}
    tell(
        told, payload, title=f"请核稿《{report.title}》", body=f"{report.editor}已编好。", url=report.get_absolute_url()
    )


@on("to_sign")
def to_sign(report: OpinionReport, payload: dict) -> None:
    """Whoever signs, but neither editor nor checker."""
    told = set(people.with_roles(Role.INFO_SIGNER)) - {report.editor_id, report.checker_id}
    tell(
        told,
        payload,
        title=f"请签发《{report.title}》",
        body=f"{report.checker}已核稿。",
        url=report.get_absolute_url(),
    )


@on("signed")
def signed(report: OpinionReport, payload: dict) -> None:
    """The editor puts it into an issue."""
    tell(
        [report.editor_id],
        payload,
        title=f"《{report.title}》已签发",
        body="可以编入刊期了。",
        url=report.get_absolute_url(),
    )


@on("sent_back")
def sent_back(report: OpinionReport, payload: dict) -> None:
    """The editor works on it again."""
    tell(
        [report.editor_id],
        payload,
        title=f"《{report.title}》退回编辑",
        body=f"意见：{reason(payload)}",
        url=report.get_absolute_url(),
    )


@on("bulletin_published")
def bulletin_published(bulletin: Bulletin, payload: dict) -> None:
    """Leaders read the new issue."""
    told = people.with_roles(Role.LEADER, Role.DISTRICT_LEADER)
    titles = "、".join(f"《{row.report.title}》" for row in bulletin.entries.select_related("report"))
    tell(told, payload, title=f"社情民意信息{bulletin}", body=titles, url=bulletin.get_absolute_url())


@on("noted")
def noted(report: OpinionReport, payload: dict) -> None:
    """The office learns that a leader wrote a note; who wrote it and what stands on the page, not in the message."""
    tell(
        people.with_roles(Role.INFO_EDITOR, Role.INFO_SIGNER),
        payload,
        title=f"《{report.title}》有领导批示",
        body="请看批示，需要的转给单位办理。",
        url=report.get_absolute_url(),
    )


@on("forwarded")
def forwarded(row: Forward, payload: dict) -> None:
    """The unit answers within its term."""
    again = "再次" if row.round > 1 else ""
    tell(
        people.of_unit(row.unit_id),
        payload,
        title=f"社情民意{again}转办《{row.report.title}》",
        body="请在期限内答复。",
        url=row.get_absolute_url(),
    )


@on("answered")
def answered(row: Forward, payload: dict) -> None:
    """The author says whether it is enough; the office knows."""
    url = row.report.get_absolute_url()
    tell(
        people.authors(row.report),
        payload,
        title=f"{row.unit}答复了《{row.report.title}》",
        body="请看答复，并说说满意不满意。",
        url=url,
    )
    tell(
        people.with_roles(Role.INFO_EDITOR),
        payload,
        title=f"{row.unit}答复了《{row.report.title}》",
        body="",
        url=url,
        part="office",
    )


@on("judged")
def judged(row: Forward, payload: dict) -> None:
    """The office and the unit learn what the author says."""
    content = row.status == ForwardStatus.ACCEPTED
    title = f"反映人{'满意' if content else '请再办理'}：《{row.report.title}》"
    tell(people.with_roles(Role.INFO_EDITOR), payload, title=title, body=row.comment, url=row.report.get_absolute_url())
    tell(people.of_unit(row.unit_id), payload, title=title, body=row.comment, url=row.get_absolute_url(), part="unit")


@on("all_answered")
def all_answered(report: OpinionReport, payload: dict) -> None:
    """The editor may close it."""
    tell(
        [report.editor_id],
        payload,
        title=f"《{report.title}》转办单位都已答复",
        body="看过后可以办结。",
        url=report.get_absolute_url(),
    )


@on("duty")
def count_duty(report: OpinionReport, payload: dict) -> None:
    """Bring the ledger up to date with the report and the parts that were combined into it."""
    duty.settle([report.pk, *report.parts_combined.values_list("pk", flat=True)])


@on("matters")
def tell_matters(report: OpinionReport, payload: dict) -> None:
    """The matters from which the report was written learn how it stands."""
    matters.settle(report)
