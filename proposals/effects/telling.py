"""What all handlers share: registering, telling once, the page of the next act, people concerned."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from core import notices, outbox
from core.models import AuditEntry
from core.subjects import load_subject
from proposals import people
from proposals.models import Feedback, Promise, Proposal, Proposer, Reply, UnitTask
from proposals.services.common import all_proposers

State = Proposer.State


def on(name: str) -> Callable[[Callable[[Any, dict], None]], Callable[[dict], None]]:
    """Register ``handler(record, payload)`` under ``proposals.<name>``."""

    def register(handler: Callable[[Any, dict], None]) -> Callable[[dict], None]:
        def run(payload: dict) -> None:
            if (record := load_subject(payload["model"], payload["id"])) is not None:
                handler(record, payload)

        return outbox.effect(f"proposals.{name}")(run)

    return register


def tell(
    recipients: Iterable[int], payload: dict, *, title: str, body: str, url: str, part: str = "", urgent: bool = False
) -> None:
    """One message a person about one move; ``part`` tells several messages of one move apart."""
    mark = payload.get("entry") or payload.get("on") or "once"
    key = f"proposals:{payload['model']}:{payload['id']}:{payload.get('verb', '')}:{mark}:{part}"
    notices.notify(recipients, key=key, title=title, body=body, url=url, urgent=urgent)


def page(obj) -> str:
    """The page on which the next act on a record is done."""
    names = {Proposal: "item", UnitTask: "task", Reply: "reply", Feedback: "feedback", Promise: "promise"}
    return reverse(f"proposals:{names[type(obj)]}", args=[obj.pk])


def called(proposal: Proposal) -> str:
    """A case as messages name it: title and number."""
    number = proposal.case_no or proposal.intake_no
    return f"《{proposal.title}》" + (f"（{number}）" if number else "")


def own(proposal: Proposal, *states: str) -> list[int]:
    """Accounts of the case's own proposers in these states (confirmed when none is named)."""
    rows = proposal.proposers.filter(state__in=states or (State.CONFIRMED,))
    return people.accounts_of(rows)


def everybody(proposal: Proposal) -> list[int]:
    """Accounts of all who propose, those of merged cases too."""
    return people.accounts_of(all_proposers(proposal))


def first(proposal: Proposal) -> list[int]:
    """Accounts of the first proposer."""
    return people.accounts_of(proposal.proposers.filter(order=0))


def reason(payload: dict) -> str:
    """The reason as the log has it."""
    entry = AuditEntry.objects.filter(pk=payload.get("entry")).only("reason").first()
    return entry.reason if entry else ""


def day_text(value: date | None) -> str:
    """6月30日; nothing for no day."""
    return f"{value.month}月{value.day}日" if value else ""
