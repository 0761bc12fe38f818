"""Who reaches which page: every address of the project × every demo role, against one table.

The table says who gets in; everybody else gets the same 404 as for what does not exist, and a
stranger is asked to sign in. What a person may then *do* on a page is held by the tests of the
machines (state × verb × role). An address without a line in the table fails.
"""

from collections.abc import Iterator
from fnmatch import fnmatch

import pytest
from django.db import transaction
from django.urls import reverse

from tests import access, access_world
from tests.access.rules import (
    ADMINS,
    ASSIGNERS,
    AUTHOR,
    EVERYBODY,
    FIGURES,
    NOBODY,
    OFFICE,
    POLICY,
    PROPOSERS,
    READERS,
    SIGNED_IN,
    SYSADMIN,
    TASK,
    UNIT,
    Rule,
    people,
)  # fmt: skip
from tests.access_world import ANONYMOUS, WHO, outcome

ACCESS: dict[str, Rule] = {
    # Anyone
    "healthz": Rule(EVERYBODY),
    "readyz": Rule(EVERYBODY),
    "frame:elder": Rule(EVERYBODY),
    "frame:ping": Rule(EVERYBODY),  # answers 401 to a stranger, in words for the script that asks
    "portal:home": Rule(EVERYBODY),
    "portal:open_list": Rule(EVERYBODY),
    "portal:open_item": Rule(NOBODY, "case"),  # not published: nobody sees it on the portal
    "portal:search": Rule(EVERYBODY),
    "portal:studios": Rule(EVERYBODY),
    "portal:accessibility": Rule(EVERYBODY),
    "portal:site_map": Rule(EVERYBODY),
    "accounts:login": Rule(EVERYBODY),
    "accounts:otp": Rule(EVERYBODY),
    "accounts:forgotten": Rule(EVERYBODY),
    "accounts:activate": Rule(EVERYBODY, "'no-such-secret'"),
    # Whoever signed in
    "accounts:logout": Rule(SIGNED_IN),
    "accounts:kept": Rule(SIGNED_IN),
    "accounts:security": Rule(SIGNED_IN),
    "accounts:mail": Rule(SIGNED_IN),
    "accounts:mail_confirm": Rule(EVERYBODY, "'no-such-link'"),
    "accounts:mail_stop": Rule(EVERYBODY, "'no-such-link'"),
    "accounts:password_change": Rule(SIGNED_IN),
    "accounts:totp_enrol": Rule(SIGNED_IN),
    "accounts:totp_remove": Rule(SIGNED_IN),
    "accounts:backup_codes": Rule(SIGNED_IN),
    "frame:find": Rule(SIGNED_IN),
    "frame:notices": Rule(SIGNED_IN),
    "frame:notices_read": Rule(SIGNED_IN),
    "frame:notice": Rule(AUTHOR, "notice"),
    "home:index": Rule(SIGNED_IN),
    # Proposals: the lists hold what each may see
    "proposals:list": Rule(SIGNED_IN),
    "proposals:batch": Rule(SIGNED_IN),
    "proposals:item": Rule(READERS, "case"),
    "proposals:print": Rule(READERS, "case"),
    "proposals:act": Rule(READERS, "case 'mark_key'"),
    "core:file": Rule(READERS, "file"),
    "proposals:new": Rule(PROPOSERS),
    "proposals:autosave_new": Rule(PROPOSERS),
    "proposals:edit": Rule(AUTHOR, "draft"),
    "proposals:autosave": Rule(AUTHOR, "draft"),
    "proposals:finish": Rule(AUTHOR, "draft"),
    "proposals:autosave_finish": Rule(AUTHOR, "draft"),
    "proposals:cosign": Rule(people("member2"), "joint"),
    "proposals:review": Rule(OFFICE),
    "proposals:review_batch": Rule(OFFICE),
    "proposals:review_item": Rule(OFFICE, "submitted"),
    "proposals:assign_list": Rule(ASSIGNERS),
    "proposals:assign": Rule(ASSIGNERS, "filed"),
    "proposals:handover": Rule(ASSIGNERS),
    "proposals:inspection": Rule(ASSIGNERS),
    "proposals:inspection_urge": Rule(ASSIGNERS),
    "proposals:inspection_transfer": Rule(ASSIGNERS, "transfer"),
    "proposals:inspection_extension": Rule(ASSIGNERS, "extension"),
    "proposals:feedback_list": Rule(OFFICE),
    "proposals:feedback": Rule(AUTHOR | OFFICE, "feedback"),
    "proposals:feedback_remind": Rule(OFFICE, "replied"),
    "proposals:promises": Rule(SIGNED_IN),
    "proposals:promise": Rule(READERS - people("unit2"), "promise"),
    # Units: the office and the inspection read along, and are refused in words
    "proposals:tasks": Rule(SIGNED_IN),
    "proposals:task_sign_many": Rule(SIGNED_IN),
    "proposals:unit": Rule(SIGNED_IN),
    "proposals:task": Rule(TASK, "task"),
    "proposals:task_*": Rule(TASK, "task"),
    "proposals:reply": Rule(UNIT, "reply"),
    "proposals:reply_save": Rule(UNIT, "reply"),
    "proposals:reply_autosave": Rule(UNIT, "reply"),
    "proposals:reply_letter": Rule(UNIT, "reply"),
    "proposals:reply_letter_docx": Rule(UNIT, "reply"),
    "proposals:reply_act": Rule(UNIT, "reply", {"verb": "send_cosign"}),
    "proposals:reply_cosign": Rule(people("unit2"), "asked", {"agree": "1"}),
    # Leadership, settings, administration
    "dashboards:leadership": Rule(FIGURES),
    "audit:list": Rule(people("auditor")),
    "settings:options": Rule(POLICY),
    "settings:option_reset": Rule(POLICY, form={"key": "accounts.link_days"}),
    "settings:calendar": Rule(POLICY),
    "settings:calendar_*": Rule(POLICY),
    "settings:calendar_day": Rule(POLICY, "day"),
    "settings:calendar_delete": Rule(POLICY, "day"),
    "settings:import_problems": Rule(OFFICE, "done_job"),
    "settings:import_marked": Rule(NOBODY, "done_job"),  # the file asked for is none of this import
    "settings:import_*": Rule(OFFICE, "job"),
    "admin:index": Rule(ADMINS),
    "admin:login": Rule(SIGNED_IN),
    "admin:logout": Rule(ADMINS),
    "admin:jsi18n": Rule(ADMINS),
    "admin:password_change*": Rule(ADMINS),
    "admin:members_user_link": Rule(SYSADMIN, "user", {"sure": "1"}),
    "admin:members_user_unlock": Rule(SYSADMIN, "user", {"sure": "1"}),
    "admin:members_user_unbind": Rule(SYSADMIN, "user", {"sure": "1"}),
    "admin:members_*_changelist": Rule(ADMINS),
    "admin:members_*_add": Rule(SYSADMIN),
    "admin:members_*_delete": Rule(NOBODY, "user"),
    "admin:members_user_change": Rule(ADMINS, "user"),
    "admin:members_user_history": Rule(ADMINS, "user"),
    "admin:members_*_change": Rule(ADMINS, "user"),
    "admin:members_*_history": Rule(ADMINS, "user"),
}


for area in access.areas():
    ACCESS |= area.RULES


def rule_of(name: str) -> Rule | None:
    """The line of an address: its own, else the pattern that fits."""
    return ACCESS.get(name) or next((rule for key, rule in ACCESS.items() if fnmatch(name, key)), None)


@pytest.fixture(scope="module")
def walk(django_db_setup, django_db_blocker) -> Iterator[tuple[dict[str, object], dict[str, str]]]:
    """The records and everybody's session, made once and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield access_world.build().ids, access_world.sessions()
        transaction.set_rollback(True)


def test_every_address_has_a_line():
    missing = [name for name in access_world.names() if rule_of(name) is None]
    assert not missing, f"say in ACCESS who may open: {missing}"


def test_every_line_has_an_address():
    names = access_world.names()
    assert not [key for key in ACCESS if not any(fnmatch(name, key) for name in names)]


@pytest.mark.django_db
@pytest.mark.parametrize("name", access_world.names())
def test_only_those_named_get_in(name, walk):
    records, sessions = walk
    rule = rule_of(name)
    assert rule, "not in the table"
    args = [word.strip("'") if word.startswith("'") else records[word] for word in rule.args.split()]
    url, found = reverse(name, args=args), {}
    for who in WHO:
        mark = transaction.savepoint()
        found[who] = outcome(sessions[who], url, rule.form)
        transaction.savepoint_rollback(mark)
    refused = dict.fromkeys(WHO, "out") | {ANONYMOUS: "login" if url.startswith(PRIVATE) else "out"}
    wanted = refused | dict.fromkeys(rule.who, "in")
    assert found == wanted


PRIVATE = (
    "/accounts/", "/admin/", "/consultations/", "/dashboards/", "/exports/", "/files/", "/find/", "/home/", "/members/", "/messages/", "/oversight/",
    "/proposals/", "/sentiment/", "/settings/",
)  # fmt: skip
"""Where a stranger is asked to sign in, whether or not the thing exists."""
