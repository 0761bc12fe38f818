"""The people of the demo world 演示账号: terms, sessions, offices and one account for each kind of work.

For development only. Names of accounts are fixed; people and units are taken from the 2022 papers
where these are stored.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from members import reference
from members.models import Body, HandlingUnit, Member, Role, RoleGrant, Sector, Session, Studio, Term, User
from members.papers.rolls import chinese_numeral

FIRST_TERM, FIRST_YEAR, YEARS = 16, 2022, 5
OFFICES = ("政协办公室", "提案委员会", "研究室", "区委督查室", "区政府督查室")


@dataclass(frozen=True)
class Demo:
    """One demo account: ``member`` is a code of the 2022 roll, ``unit`` a unit's full name."""

    username: str
    name: str
    roles: tuple[str, ...]
    member: str = ""
    unit: str = ""
    body: str = ""


UNIT, UNIT2 = "汉滨区农业农村局", "汉滨区水利局"

ACCOUNTS = (
    Demo("member", "刘玥", (Role.MEMBER,), member="刘玥"),
    Demo("member2", "张玉茹", (Role.MEMBER,), member="张玉茹"),
    Demo("convener", "叶铮", (Role.MEMBER, Role.CONVENER), member="叶铮", body="studio"),
    Demo("proposal-clerk", "江小满", (Role.PROPOSAL_CLERK,)),
    Demo("proposal-chief", "周秉文", (Role.PROPOSAL_CHIEF,)),
    Demo("inspection", "贺立春", (Role.INSPECTION,)),
    Demo("unit", "田禾", (Role.UNIT_OPERATOR,), unit=UNIT),
    Demo("unit-head", "秦守业", (Role.UNIT_LEADER,), unit=UNIT),
    Demo("unit2", "汪清源", (Role.UNIT_OPERATOR, Role.UNIT_LEADER), unit=UNIT2),
    Demo("editor", "方文心", (Role.INFO_EDITOR,)),
    Demo("checker", "程端方", (Role.INFO_CHECKER,)),
    Demo("informant", "路思敏", (Role.INFORMANT,)),
    Demo("signer", "何慎之", (Role.INFO_SIGNER,)),
    Demo("committee", "梁致远", (Role.COMMITTEE, Role.BODY_CONTACT), body="committee"),
    Demo("liaison", "温守恒", (Role.LIAISON,)),
    Demo("supervisor", "段正清", (Role.SUPERVISOR,)),
    Demo("news-editor", "柳新", (Role.NEWS_EDITOR,)),
    Demo("news-review1", "柳一审", (Role.NEWS_REVIEW1,)),
    Demo("news-review2", "柳二审", (Role.NEWS_REVIEW2,)),
    Demo("news-chief", "柳终审", (Role.NEWS_CHIEF,)),
    Demo("leader", "高望山", (Role.LEADER,)),
    Demo("district-leader", "安怀民", (Role.DISTRICT_LEADER,)),
    Demo("sysadmin", "石工", (Role.SYSADMIN,)),
    Demo("secadmin", "卫工", (Role.SECADMIN,)),
    Demo("auditor", "沈工", (Role.AUDITOR,)),
)


def demo_password() -> str:
    """The one password of the demo accounts: DEMO_PASSWORD, else a random one kept in DATA_DIR/demo-password."""
    if given := os.environ.get("DEMO_PASSWORD", "").strip():
        return given
    path = settings.DATA_DIR / "demo-password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(f"Demo-{secrets.token_hex(4)}\n", encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


@transaction.atomic
def seed_terms(today: date) -> Session:
    """Terms and sessions from 2022 to now, and which of them is the present one; returns it."""
    number = FIRST_TERM
    while FIRST_YEAR + (number - FIRST_TERM) * YEARS <= today.year:
        _term(number)
        number += 1
    opened = Session.objects.filter(opens__lte=today).order_by("-opens").first()
    current = opened or Session.objects.order_by("opens").first()
    Term.objects.filter(is_current=True).exclude(pk=current.term_id).update(is_current=False)
    Term.objects.filter(pk=current.term_id).update(is_current=True)
    Session.objects.filter(is_current=True).exclude(pk=current.pk).update(is_current=False)
    Session.objects.filter(pk=current.pk).update(is_current=True)
    reference.changed()
    current.refresh_from_db()
    return current


def _term(number: int) -> None:
    start = FIRST_YEAR + (number - FIRST_TERM) * YEARS
    name = f"{chinese_numeral(number)}届"
    term, _ = Term.objects.get_or_create(number=number, defaults={"name": name, "starts": date(start, 2, 1)})
    for place in range(1, YEARS + 1):
        opens = date(start + place - 1, 2, 21)
        Session.objects.get_or_create(
            term=term, number=place,
            defaults={
                "name": f"{name}{chinese_numeral(place)}次会议",
                "year": opens.year,
                "opens": opens,
                "closes": opens + timedelta(days=4),
                "collects_from": date(opens.year - 1, 11, 21),
                "cut_off": datetime.combine(opens + timedelta(days=3), time(12), timezone.get_default_timezone()),
            },
        )  # fmt: skip


@transaction.atomic
def seed_offices() -> None:
    """The committee's offices and the two inspection offices."""
    for order, name in enumerate(OFFICES, 1):
        Body.objects.get_or_create(kind=Body.Kind.OFFICE, name=name, defaults={"order": order})


@transaction.atomic
def seed_accounts(password: str) -> list[User]:
    """Make or refresh the demo accounts; each has the given password and the roles of its line.

    The hash is slow on purpose, so it is made once and all accounts bear the same.
    """
    encoded = _known_hash(password) or make_password(password)
    return [_account(demo, encoded) for demo in ACCOUNTS]


def _known_hash(password: str) -> str:
    """The hash of the password that the demo accounts bear already, or empty."""
    first = User.objects.filter(username=ACCOUNTS[0].username).values_list("password", flat=True).first()
    return first if first and check_password(password, first) else ""


def _account(demo: Demo, encoded: str) -> User:
    user, _ = User.objects.get_or_create(username=demo.username, defaults={"name": demo.name})
    if user.password != encoded:
        user.password = encoded
        user.password_changed_at = timezone.now()
        user.save(update_fields=["password", "password_changed_at"])
    member = _member(demo, user) if demo.member else None
    for role in demo.roles:
        unit = _unit(demo.unit) if role in (Role.UNIT_OPERATOR, Role.UNIT_LEADER) else None
        body = _body(demo, member) if role in (Role.CONVENER, Role.BODY_CONTACT, Role.COMMITTEE) else None
        RoleGrant.objects.get_or_create(user=user, role=role, unit=unit, body=body)
    return user


def _member(demo: Demo, user: User) -> Member:
    """The member of that name, the first by code; a world without the 2022 roll gets one of its own."""
    linked = Member.objects.filter(user=user).first()
    if linked and not linked.code.startswith("DEMO"):
        return linked
    real = Member.objects.filter(name=demo.member).exclude(code__startswith="DEMO").order_by("code").first()
    if real is None:
        sector, _ = Sector.objects.get_or_create(kind=Sector.KIND, name="特邀人士")
        real, _ = Member.objects.get_or_create(
            code=f"DEMO-{demo.username}",
            defaults={"name": demo.member, "sector": sector, "post": "区特色农业协会 会长", "phone": "19900000001"},
        )
    if linked and linked.pk != real.pk:
        Member.objects.filter(pk=linked.pk).update(user=None, is_active=False)
    if real.user_id != user.pk:
        Member.objects.filter(pk=real.pk).update(user=user)
    return real


def _unit(name: str) -> HandlingUnit:
    unit, _ = HandlingUnit.objects.get_or_create(
        name=name, defaults={"short_name": name.replace("汉滨区", "区", 1), "category": "政府部门"}
    )
    return unit


def _body(demo: Demo, member: Member | None) -> Body:
    if demo.body == "committee":
        found = Body.objects.filter(kind=Body.Kind.COMMITTEE).order_by("order", "id").first()
        return found or Body.objects.create(kind=Body.Kind.COMMITTEE, name="经济委员会")
    studio = Studio.objects.filter(convener=member).first() or Studio.objects.order_by("order", "id").first()
    return studio or Studio.objects.create(name="“同心”委员工作室", convener=member)
