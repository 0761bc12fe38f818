"""Who proposes 提案者: first proposer, co-signers, bodies, contacts, and who may in which name."""

from django.utils import timezone

from core import options
from core.errors import Refusal
from members.models import Body, Member
from proposals.models import Proposal, Proposer

MAX_COSIGNERS = 60
BODY_KINDS: dict[str, str] = {
    Proposal.Kind.PARTY: Body.Kind.PARTY,
    Proposal.Kind.ORGANIZATION: Body.Kind.ORGANIZATION,
    Proposal.Kind.COMMITTEE: Body.Kind.COMMITTEE,
    Proposal.Kind.SECTOR: Body.Kind.SECTOR,
    Proposal.Kind.GROUP: Body.Kind.GROUP,
    Proposal.Kind.STUDIO: Body.Kind.STUDIO,
}
PLENARY_KINDS = (Proposal.Kind.SECTOR, Proposal.Kind.GROUP)
CONTACT_FIELDS = ("contact_name", "contact_post", "contact_phone", "contact_address")


def set_first_proposer(proposal: Proposal, *, actor, kind: str, member: Member | None, body: Body | None) -> None:
    """Make the member or the body the first proposer, and the list's columns repeat it."""
    if kind not in Proposal.Kind.values:
        raise Refusal("请选择提案者类别。", field="kind")
    collective = kind in Proposal.COLLECTIVE_KINDS
    first = proposal.proposers.filter(order=0).select_related("member", "body").first()
    office = actor.has_perm("proposals.review")
    if collective:
        body = body or (first.body if first and first.body_id else None) or _own_body(actor, kind)
        _check_body(actor, kind, body, office=office)
        member, name, sector = None, body.name, body if body.kind == Body.Kind.SECTOR else None
    else:
        own = Member.objects.filter(pk=actor.member_id).first() if actor.member_id else None
        member = member or (first.member if first and first.member_id else None) or own
        if member is None:
            raise Refusal(
                "请选择第一提案者。" if office else "您的账号没有对应的委员，不能以个人名义提出。",
                field="member",
            )
        if not office and member.pk != actor.member_id:
            raise Refusal("只能以自己的名义提出提案。", field="member")
        if not member.is_active:
            raise Refusal(f"{member}已不是本届委员，不能提出提案。", field="member")
        body, name, sector = None, member.name, member.sector
    sector_name = sector.name if sector else ""
    proposal.proposers.filter(order__gt=0, member=member, member__isnull=False).delete()
    Proposer.objects.update_or_create(
        proposal=proposal,
        order=0,
        defaults={"member": member, "body": body, "name": name, "sector_name": sector_name},
    )
    if kind != Proposal.Kind.JOINT:
        proposal.proposers.filter(order__gt=0).delete()
    proposal.kind, proposal.proposer_name, proposal.sector_id = (
        kind,
        name,
        sector.pk if sector else None,
    )
    proposal.save(update_fields=["kind", "proposer_name", "sector"])


def set_cosigners(proposal: Proposal, members: list[Member]) -> None:
    """Exactly these members besides the first; who is kept keeps his answer."""
    if members and proposal.kind != Proposal.Kind.JOINT:
        raise Refusal("只有联名提案可以有联名人，请先把类别改为“委员联名”。", field="cosigners")
    first = proposal.proposers.filter(order=0).values_list("member_id", flat=True).first()
    members = [member for member in dict.fromkeys(members) if member.pk != first]
    if len(members) > MAX_COSIGNERS:
        raise Refusal(f"联名人最多{MAX_COSIGNERS}位。", field="cosigners")
    for member in members:
        if not member.is_active:
            raise Refusal(f"{member}已不是本届委员，不能联名。", field="cosigners")
    known = {row.member_id: row for row in proposal.proposers.filter(order__gt=0)}
    for member_id, row in known.items():
        if member_id not in {member.pk for member in members}:
            row.delete()
    state = Proposer.State.CONFIRMED if proposal.is_entered else Proposer.State.INVITED
    for order, member in enumerate(members, 1):
        if row := known.get(member.pk):
            Proposer.objects.filter(pk=row.pk).update(order=order)
        else:
            Proposer.objects.create(
                proposal=proposal,
                member=member,
                name=member.name,
                sector_name=member.sector.name if member.sector else "",
                order=order,
                state=state,
            )


def set_contact(proposal: Proposal, contact: dict[str, str]) -> None:
    """How the first proposer is reached; refuses what is too long."""
    if extra := set(contact) - set(CONTACT_FIELDS):
        raise ValueError(f"no contact fields: {sorted(extra)}")
    values = {}
    for name, text in contact.items():
        column = Proposer._meta.get_field(name)
        values[name] = (text or "").strip()
        if len(values[name]) > column.max_length:
            raise Refusal(f"{column.verbose_name}最多{column.max_length}字。", field=name)
    proposal.proposers.filter(order=0).update(**values)


def snapshot(row: Proposer) -> None:
    """Keep the contact as it is at submission; what was typed stands before the member's record."""
    if row.member is None:
        return
    row.contact_name = row.contact_name or row.member.name
    row.contact_post = row.contact_post or row.member.post
    row.contact_phone = row.contact_phone or row.member.phone
    row.save(update_fields=["contact_name", "contact_post", "contact_phone"])


def check_kind(proposal: Proposal) -> None:
    """Rules of who may submit that depend on the day: sectors and groups only at the plenary."""
    between = options.value("proposals.sectors_between_sessions")
    if (
        proposal.kind in PLENARY_KINDS
        and not between
        and timezone.now() > proposal.session.cut_off
        and not proposal.is_entered
    ):
        raise Refusal("按现行规定，界别、委员小组只在全体会议期间提出提案。", field="kind")


def _own_body(actor, kind: str) -> Body | None:
    return Body.objects.filter(pk__in=actor.body_ids, kind=BODY_KINDS[kind], is_active=True).first()


def _check_body(actor, kind: str, body: Body | None, *, office: bool) -> None:
    if kind == Proposal.Kind.STUDIO and not options.value("proposals.studios_propose"):
        raise Refusal("按现行规定，委员工作室不能作为提案者。", field="kind")
    if body is None:
        raise Refusal(f"请选择提出提案的{Proposal.Kind(kind).label}。", field="body")
    if body.kind != BODY_KINDS[kind]:
        raise Refusal(f"{body.name}不是{Proposal.Kind(kind).label}。", field="body")
    if not office and body.pk not in actor.body_ids:
        raise Refusal(f"您不是{body.name}的联络人，不能以它的名义提出。", field="body")
