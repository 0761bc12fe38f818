"""Changes of membership 任职变动: 增补, 辞去, 撤销, 去世或调离, 转任, 常委 and chairmen (domain rules §4).

Every change adds dated rows and ends others; nothing is overwritten. ``Member`` repeats the present
state, and ``MembershipChange`` keeps who decided and who recorded. Raises ``core.errors.Refusal``.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse

from core import notices
from core.errors import Refusal
from members.models import (
    Body,
    BranchPlace,
    Member,
    Membership,
    MembershipChange,
    PartyBranch,
    PartyContact,
    Placement,
    Role,
    RoleGrant,
    Studio,
    Term,
    User,
)
from members.people.political import usual_wording
from members.services.changes import Kind, Recorder, allowed, check_day, held

LEAVING = (Kind.RESIGNED, Kind.REVOKED, Kind.DECEASED)
STANDING, MEMBER = "常委", "委员"
TERM_POSTS = ("主席", "副主席", "秘书长", STANDING)
"""Posts that the plenary elects; who holds one sits in the standing committee 常委会."""
ONLY_ONE = ("主席", "秘书长")
BODY_POSTS: dict[str, tuple[str, str]] = {
    Body.Kind.SECTOR: ("召集人", "副召集人"),
    Body.Kind.COMMITTEE: ("主任", "副主任"),
    Body.Kind.STUDIO: ("召集人", "联络员"),
}
HEADS: dict[str, str] = {Body.Kind.COMMITTEE: "主任", Body.Kind.STUDIO: "召集人"}
"""Posts of which a body has one."""
REPEATED: dict[str, str] = {
    Body.Kind.SECTOR: "sector_id",
    Body.Kind.COMMITTEE: "committee_id",
    Body.Kind.STUDIO: "studio_id",
}
"""Where ``Member`` repeats the present placement of a kind."""
FROM_ROLL = "按名册登记"
KIND_OF: dict[str, Kind] = {
    Body.Kind.SECTOR: Kind.SECTOR,
    Body.Kind.COMMITTEE: Kind.COMMITTEE,
    Body.Kind.STUDIO: Kind.STUDIO,
}


@transaction.atomic
def co_opt(
    *, actor: User, code: str, name: str, sector: Body, on: date, reviewed: str, decided: str,
    committee: Body | None = None, studio: Body | None = None, **facts: Any,
) -> MembershipChange:  # fmt: skip
    """Take a new member in 增补, reviewed by 主席会议 and decided by 常委会; a former member may come back.

    ``facts`` are further columns of ``Member``: sex, ethnicity, born, political_status, post, phone.
    """
    allowed(actor)
    check_day(on)
    if not reviewed.strip() or not decided.strip():
        raise Refusal("增补要写明哪次主席会议审议、哪次常委会会议协商决定。", field="decided")
    term = _current_term(locked=True)
    if on < term.starts:
        raise Refusal(f"日期早于{term.name}开始的那一天（{term.starts:%Y-%m-%d}），请核对。", field="on")
    facts["political_status"] = usual_wording(facts.get("political_status") or "")
    facts = {key: value for key, value in facts.items() if value not in ("", None)}
    member = Member.objects.select_for_update().filter(code=code).first()
    if member is None:
        member = Member.objects.create(code=code, name=name, sector_id=sector.pk, is_active=False, **facts)
    elif member.name != name:
        raise Refusal(f"编号{code}是{member.name}的，请换一个编号。", field="code")
    elif member.is_active or _open_posts(member):
        raise Refusal(f"{name}（{code}）现在就是委员，不能再增补。", field="code")
    else:
        for key, value in facts.items():
            setattr(member, key, value)
        member.save(update_fields=[*facts])
    decision = f"{reviewed.strip()}审议，{decided.strip()}协商决定"
    record = Recorder(member, actor=actor, kind=Kind.COOPTED, on=on, decision=decision)
    record.set(is_active=True, is_standing=False)
    record.open(
        Membership(
            member=member, term=term, post=MEMBER, starts=on, began_by=Membership.Change.COOPTED,
            decision=decision[:120], recorded_by=actor,
        )
    )  # fmt: skip
    for kind, body in zip(REPEATED, (sector, committee, studio), strict=True):
        if body is not None:
            _place(record, kind, body, reason="增补")
    record.tell("委员的账号由系统管理员在“账号和基础资料”里开通。")
    return record.done(f"增补为{term.name}委员")


@transaction.atomic
def leave(member: Member, *, actor: User, kind: str, on: date, decision: str) -> MembershipChange:
    """End a membership 辞去、撤销、去世或调离: posts, placements, branch and contacts end, the account is closed."""
    allowed(actor)
    if kind not in LEAVING:
        raise Refusal("请选辞去、撤销，还是去世或调离。", field="kind")
    if not decision.strip():
        raise Refusal("请写明依据：哪次会议接受、哪个文件决定的。", field="decision")
    current = held(member)
    posts = _posts_to_end(current, actor=actor)
    check_day(on, *posts)
    record = Recorder(current, actor=actor, kind=kind, on=on, decision=decision)
    for row in posts:
        record.close(row, ended_by=kind)
    _end_everything(record)
    change = record.done(f"{Kind(kind).label}委员")
    _tell_offices(current, change)
    return change


def _end_everything(record: Recorder) -> None:
    """Whatever ends with the membership, apart from the posts of the term themselves."""
    member = record.member
    for placement in Placement.objects.filter(member=member, ends=None):
        record.close(placement)
    for branch in BranchPlace.objects.filter(member=member, ends=None):
        record.close(branch)
    for contact in PartyContact.objects.filter(member=member, ends=None):
        record.close(contact)
    kept = list(PartyContact.objects.filter(contact=member, ends=None))
    for contact in kept:
        record.close(contact)
    if kept:
        record.tell(f"他联系的{len(kept)}位委员现在没有党员联系，请在“两个全覆盖”里另外指定。")
    for pk, name in Studio.objects.filter(convener=member).values_list("pk", "name"):
        record.point(Studio, pk, "convener", None)
        record.tell(f"{name}现在没有召集人。")
    for pk, name in PartyBranch.objects.filter(secretary=member).values_list("pk", "name"):
        record.point(PartyBranch, pk, "secretary", None)
        record.tell(f"{name}现在没有书记。")
    # The sector stays: who left is still found, and counted in old figures, by it.
    record.set(is_active=False, is_standing=False, committee_id=None, studio_id=None)
    record.close_account()
    record.tell("他还没有提交的提案草稿没有删，提案委能看到。")


@transaction.atomic
def move(
    member: Member, *, actor: User, kind: str, body: Body | None, on: date, decision: str = "", post: str = ""
) -> MembershipChange:
    """Put a member into another sector, special committee or studio 转任, with his post there; None takes him out."""
    allowed(actor)
    current = _in_office(held(member))
    record_present([current])
    before = Placement.objects.filter(member=current, body__kind=kind, ends=None).select_related("body").first()
    _check_move(kind, body, post, before)
    check_day(on, *([before] if before else []))
    same = before is not None and body is not None and before.body_id == body.pk
    record = Recorder(current, actor=actor, kind=Kind.POST if same else KIND_OF[kind], on=on, decision=decision)
    if before:
        _unplace(record, before, reason=decision)
    if body is None:
        record.set(**{REPEATED[kind]: None})
        return record.done(f"退出{before.body.name}")
    _place(record, kind, body, post=post, reason=decision)
    came = f"由{before.body.name}转入" if before and not same else "在" if same else "编入"
    return record.done(f"{came}{body.name}{'任' + post if post else '，不再任' + before.post if same else ''}")


@transaction.atomic
def appoint(member: Member, *, actor: User, post: str, on: date, decision: str) -> MembershipChange:
    """Give a post that the plenary elects: 常委, 副主席, 主席, 秘书长."""
    allowed(actor)
    if post not in TERM_POSTS:
        raise Refusal("请选主席、副主席、秘书长或常委。", field="post")
    if not decision.strip():
        raise Refusal("请写明依据：哪次会议选举产生。", field="decision")
    term = _current_term(locked=True)
    current = _in_office(held(member))
    posts = _posts_to_end(current, actor=actor)
    if any(row.post == post for row in posts):
        raise Refusal(f"{current.name}现在就是{post}。", field="post")
    others = Membership.objects.filter(term=term, post=post, ends=None).select_related("member")
    if post in ONLY_ONE and (other := others.first()):
        raise Refusal(f"{other.member.name}现在是{post}，请先登记免去他的职务。", field="post")
    check_day(on, *(row for row in posts if row.post == MEMBER))
    record = Recorder(current, actor=actor, kind=Kind.POST, on=on, decision=decision)
    record.open(
        Membership(
            member=current, term=term, post=post, starts=on, began_by=Membership.Change.ELECTED,
            decision=decision.strip()[:120], recorded_by=actor,
        )
    )  # fmt: skip
    record.set(is_standing=True)
    return record.done(f"当选{term.name}{post}")


@transaction.atomic
def dismiss(member: Member, *, actor: User, post: str, on: date, decision: str) -> MembershipChange:
    """End a post of the term 免去职务; the person stays a member."""
    allowed(actor)
    if not decision.strip():
        raise Refusal("请写明依据：哪次会议、哪个文件决定的。", field="decision")
    current = _in_office(held(member))
    posts = _posts_to_end(current, actor=actor)
    ended = next((row for row in posts if row.post == post and post != MEMBER), None)
    if ended is None:
        raise Refusal(f"{current.name}现在没有担任{post or '这个职务'}。", field="post")
    check_day(on, ended)
    record = Recorder(current, actor=actor, kind=Kind.POST_ENDED, on=on, decision=decision)
    record.close(ended, ended_by=Membership.Change.MOVED)
    rest = [row for row in posts if row.pk != ended.pk]
    if not rest:
        # A roll that was read from paper says 常委 in the one row that he has.
        record.open(
            Membership(
                member=current, term_id=ended.term_id, post=MEMBER, starts=on,
                began_by=Membership.Change.MOVED, decision=decision.strip()[:120], recorded_by=actor,
            )
        )  # fmt: skip
    record.set(is_standing=any(row.post in TERM_POSTS for row in rest))
    return record.done(f"不再担任{post}")


@transaction.atomic
def record_present(members: Iterable[Member], *, on: date | None = None) -> int:
    """Give members who were read from a roll the dated placements of what ``Member`` repeats; idempotent.

    A placement begins with the membership; where another of its kind was open it ends ``on`` and
    the new one begins then. Returns how many rows were added.
    """
    people = [member for member in members if member.is_active]
    term = Term.objects.filter(is_current=True).first()
    began = _beginnings(people, term)
    open_rows = {
        (row.member_id, row.body.kind): row
        for row in Placement.objects.filter(member__in=people, ends=None).select_related("body")
    }
    heads = set(Studio.objects.filter(convener__in=people).values_list("convener_id", "pk"))
    new, changed = [], []
    for member in people:
        for kind, name in REPEATED.items():
            body_id, row = getattr(member, name), open_rows.get((member.pk, kind))
            post = HEADS[kind] if (member.pk, body_id) in heads else ""
            if body_id is None:
                continue
            starts = began.get(member.pk) or on
            if row and row.body_id == body_id:
                if post and not row.post and row.reason == FROM_ROLL:
                    row.post = post
                    changed.append(row)
                continue
            if row:
                row.ends = starts = max(on or row.starts, row.starts)
                changed.append(row)
            if starts:
                new.append(Placement(member=member, body_id=body_id, post=post, starts=starts, reason=FROM_ROLL))
    Placement.objects.bulk_update(changed, ["ends", "post"], batch_size=500)
    Placement.objects.bulk_create(new, batch_size=500)
    return len(new)


def _beginnings(people: list[Member], term: Term | None) -> dict[int, date]:
    """The day from which each has been a member, else that of the present term."""
    rows = Membership.objects.filter(member__in=people, ends=None).select_related("term").order_by("term__number")
    found = {member.pk: term.starts for member in people} if term else {}
    return found | {row.member_id: row.starts or row.term.starts for row in rows}


def _current_term(*, locked: bool = False) -> Term:
    rows = Term.objects.select_for_update() if locked else Term.objects.all()
    if term := rows.filter(is_current=True).first():
        return term
    raise Refusal("还没有登记本届，请先在“届次管理”里登记。")


def _in_office(member: Member) -> Member:
    if not member.is_active:
        raise Refusal(f"{member.name}已不在任，不能登记这项变动。")
    return member


def _open_posts(member: Member) -> list[Membership]:
    return list(Membership.objects.filter(member=member, ends=None).select_related("term"))


def _posts_to_end(member: Member, *, actor: User) -> list[Membership]:
    """The open rows of a member in office; one who never had a row gets the row that was always true."""
    posts = _open_posts(_in_office(member))
    if posts:
        return posts
    post = STANDING if member.is_standing else MEMBER
    return [Membership.objects.create(member=member, term=_current_term(), post=post, recorded_by=actor)]


def _check_move(kind: str, body: Body | None, post: str, before: Placement | None) -> None:
    if kind not in REPEATED:
        raise Refusal("只有界别、专委会、工作室能转任。", field="kind")
    if body is None:
        if kind == Body.Kind.SECTOR:
            raise Refusal("委员都要有界别，请选转入哪个界别。", field="body")
        return
    if body.kind != kind or not body.is_active:
        raise Refusal("这个组织已经不用了，请另选。", field="body")
    if post and post not in BODY_POSTS[kind]:
        raise Refusal(f"{Body.Kind(kind).label}里没有“{post}”这个职务。", field="post")
    if before and before.body_id == body.pk and before.post == post:
        raise Refusal(f"他现在就在{body.name}{'任' + post if post else ''}，没有变动。", field="body")


def _place(record: Recorder, kind: str, body: Body, *, post: str = "", reason: str = "") -> None:
    """Open a placement, one head for each body."""
    if post and HEADS.get(kind) == post:
        Body.objects.select_for_update().get(pk=body.pk)
        others = Placement.objects.filter(body_id=body.pk, post=post, ends=None).exclude(member=record.member)
        if other := others.select_related("member").first():
            raise Refusal(f"{body.name}现在的{post}是{other.member.name}，请先免去或改任。", field="post")
        if kind == Body.Kind.STUDIO:
            record.point(Studio, body.pk, "convener", record.member.pk)
    record.open(
        Placement(member=record.member, body_id=body.pk, post=post, starts=record.on, reason=reason.strip()[:120])
    )
    record.set(**{REPEATED[kind]: body.pk})


def _unplace(record: Recorder, row: Placement, *, reason: str) -> None:
    record.close(row)
    if row.body.kind == Body.Kind.STUDIO:
        for pk in Studio.objects.filter(pk=row.body_id, convener=record.member).values_list("pk", flat=True):
            record.point(Studio, pk, "convener", None)


def _tell_offices(member: Member, change: MembershipChange) -> None:
    """Let the proposals office and the liaison office know who left."""
    roles = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF, Role.LIAISON)
    people = RoleGrant.objects.filter(role__in=roles, user__is_active=True).values_list("user_id", flat=True)
    notices.notify(
        people, key=f"member.left:{change.pk}", title=f"{member.name}{change.summary}",
        body="他的账号已按规定处理；他没有提交的提案草稿留在系统里，提案委能看到。",
        url=reverse("members:item", args=[member.pk]),
    )  # fmt: skip
