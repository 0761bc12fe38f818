"""Members and their changes, corrections, party building, terms and sessions."""

from datetime import date

from django.utils import timezone

from members.models import CorrectionRequest, Membership, PartyBranch, Session, Term
from tests.access.rules import NOBODY, SIGNED_IN, Rule, people

LIAISON = people("liaison")
PHONES = people("proposal-clerk proposal-chief inspection editor liaison")
READERS = people("liaison leader")
TERMS = people("liaison proposal-chief")
SELF = people("member2")
IMPORTERS = people("proposal-clerk proposal-chief liaison")
GIVEN = {"reason": "联系工作"}

RULES = {
    "members:list": Rule(SIGNED_IN),
    "members:item": Rule(SIGNED_IN, "member"),
    "members:export": Rule(SIGNED_IN),
    "members:print": Rule(SIGNED_IN),
    "members:batch": Rule(PHONES | READERS, form={"verb": "print"}),
    "members:place": Rule(LIAISON, "'committee'"),
    "members:template": Rule(IMPORTERS),
    "settings:imports": Rule(IMPORTERS | people("editor")),
    "settings:import_history": Rule(IMPORTERS | people("editor")),
    "portal:photo": Rule(NOBODY, "member"),  # not released: nobody sees it
    "members:phone": Rule(PHONES | SELF, "member", GIVEN),
    "members:photo": Rule(LIAISON | SELF, "member"),
    "members:co_opt": Rule(LIAISON),
    "members:change": Rule(LIAISON, "member 'sector'"),
    "members:history": Rule(READERS | SELF, "member"),
    "members:undo": Rule(LIAISON, "member", {"reason": "写错"}),
    "members:correct": Rule(SELF, "member"),
    "members:corrections": Rule(LIAISON),
    "members:correction": Rule(LIAISON, "correction"),
    "members:party": Rule(READERS),
    "members:branch": Rule(READERS, "branch"),
    "members:branch_new": Rule(LIAISON),
    "members:branch_edit": Rule(LIAISON, "branch"),
    "members:terms": Rule(TERMS),
    "members:term_new": Rule(TERMS),
    "members:session_new": Rule(TERMS),
    "members:session": Rule(TERMS, "plenary"),
    "members:session_current": Rule(TERMS, "plenary"),
}


def build(world) -> dict[str, int]:
    """A branch, the present session, and a correction that ``member`` asks for."""
    member = world["member"].member
    Membership.objects.get_or_create(
        member=world["member2"].member, term=Term.objects.get(is_current=True), defaults={"starts": date(2022, 2, 1)}
    )
    asked = CorrectionRequest.objects.create(member=member, made_by=world["member"], note=f"{timezone.localdate()}")
    branch = PartyBranch.objects.create(name="功能型党支部")
    return {
        "correction": asked.pk, "branch": branch.pk, "plenary": Session.objects.get(is_current=True).pk,
    }  # fmt: skip
