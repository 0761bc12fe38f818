"""No address of the project breaks on what people never type: NUL, endless numbers, 60,000 characters.

Each page is opened, and its forms are posted, by somebody whom the access table lets in; whatever comes
back, it is no server error. What a page must *say* is held by its own tests.
"""

import re

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests import access_world
from tests.test_access import rule_of, walk  # noqa: F401

pytestmark = pytest.mark.django_db
HOSTILE = {
    "nul": "\x00",
    "number": "9" * 40,
    "long": "长" * 60_000,
}
ASKED = (
    "q", "page", "after", "before", "sort", "status", "state", "year", "session", "category", "unit", "lead", "sector", "kind",
    "from", "to", "by", "on", "overdue", "due", "late", "late_unit", "ids", "step", "member", "studio", "tab", "all", "next", "format",
    "stage", "rating", "month", "day", "date", "view", "term", "body", "code", "token", "version",
)  # fmt: skip
"""What pages read from their query string."""
FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]*\bname="([^"]+)"')
SPARED = {"accounts:logout", "admin:logout", "readyz"}
"""Ends the session that is being used; says 503 when no worker runs."""


def someone(name: str, rule, sessions: dict[str, str]) -> Client:
    """A browser of one whom the table lets in; the clerk where he is among them."""
    client = Client(raise_request_exception=False)
    who = next((one for one in ("proposal-clerk", "unit", "member") if one in rule.who), None)
    who = who or next((one for one in access_world.WHO if one in rule.who), "member")
    if sessions[who]:
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[who]
    return client


@pytest.mark.parametrize("name", [name for name in access_world.names() if name not in SPARED])
def test_no_address_breaks(name, walk):  # noqa: F811
    records, sessions = walk
    rule = rule_of(name)
    args = [word.strip("'") if word.startswith("'") else records[word] for word in rule.args.split()]
    url = reverse(name, args=args)
    client = someone(name, rule, sessions)
    broken = []
    page = client.get(url)
    let_go(page)
    fields = set(FIELD.findall(page.content.decode(errors="replace"))) if not page.streaming else set()
    for label, value in HOSTILE.items():
        for method, data in (
            ("get", dict.fromkeys(ASKED, value)),
            ("post", dict.fromkeys(fields, value) | rule_data(rule, value)),
        ):
            if method == "get" and label == "long":
                continue  # no server takes such an address
            mark = transaction.savepoint()
            response = getattr(client, method)(url, data)
            if response.status_code >= 500:
                cause = response.exc_info[1] if getattr(response, "exc_info", None) else ""
                broken.append(f"{method} {label}: {response.status_code} {cause!r}")
            let_go(response)
            transaction.savepoint_rollback(mark)
    assert not broken, f"{url}: {broken}"


def let_go(response) -> None:
    """Close the files behind a response; its own close would also end this test's connection."""
    for close in response._resource_closers:
        close()


def rule_data(rule, value: str) -> dict[str, str]:
    """What the access table posts, each value a hostile one."""
    return dict.fromkeys(rule.form or {}, value)


HUGE = "9" * 30


@pytest.mark.parametrize("name", [name for name in access_world.names() if name not in SPARED])
def test_number_beyond_every_key_is_not_found(name, walk):  # noqa: F811
    _, sessions = walk
    rule = rule_of(name)
    words = rule.args.split()
    try:
        url = reverse(name, args=[HUGE for _ in words])
    except (NoReverseMatch, AttributeError):
        return  # takes a day or a word, no number
    if not words or url == reverse("home:index"):
        return
    client = someone(name, rule, sessions)
    for method in ("get", "post") if rule.form else ("get",):
        mark = transaction.savepoint()
        response = getattr(client, method)(url, dict(rule.form or {}))
        transaction.savepoint_rollback(mark)
        assert response.status_code < 500, (method, url)
