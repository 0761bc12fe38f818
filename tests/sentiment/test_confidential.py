"""Confidential 保密: every role against every path; drafts, unpublished issues, notes, who reported never leak."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from core import attachments, outbox
from members.models import Role
from sentiment.models import OpinionReport
from sentiment.services import aftermath, bulletins
from tests.factories import HandlingUnitFactory, UserFactory

pytestmark = pytest.mark.django_db
DRAFT, PENDING, WAITING, ISSUED = "草稿里的水坝", "没刊发的索道", "待刊发的隧道", "刊发了的码头"
INNER, NOTE, NAME = "内部数字八百零三", "批示原话请从严", "司马灵芝"
INFO = {"info_editor", "info_checker", "info_signer"}
OFFICE = INFO | {"proposal_clerk", "proposal_chief"}
LEADERS = {"leader", "district_leader"}
EVERYBODY = [role.value for role in Role] + ["author", "own_unit", "nobody"]
MAY = {
    DRAFT: {"author"},
    PENDING: OFFICE | {"author"},
    WAITING: OFFICE | {"author"},
    INNER: OFFICE | {"author"},
    NOTE: {"info_editor", "info_signer"} | LEADERS,
    NAME: INFO | {"author"},
}
"""Who may ever read these words on a page of a report or a list; an issue names its reporters to its readers."""


@pytest.fixture
def secrets(house):
    """One report in each state that must not leak, and one that went all the way to a unit."""
    house.member.name = NAME
    house.member.save()
    house.author.name = "账号的名字"
    house.author.save()
    found = {
        "draft": house.draft(title=DRAFT),
        "pending": house.submitted(title=PENDING, situation=f"情况，{INNER}。"),
    }
    attachments.add(
        found["pending"], SimpleUploadedFile("底稿.pdf", b"%PDF-1.7\n1 0 obj\n%%EOF"), actor=house.author, most=5
    )
    found["open_issue"] = house.bulletin(title=WAITING)
    issued = house.issued(title=ISSUED)
    found["issue"] = issued.bulletins.get()
    aftermath.note(issued, actor=house.editor, leader="区长", level="district", text=NOTE, on=None)
    found["forward"] = aftermath.forward(issued, [house.unit], actor=house.editor)[0]
    found["issued"] = OpinionReport.objects.get(pk=issued.pk)
    outbox.run_pending()
    return found


def person(house, name):
    """An account of the role, the author, the operator of the unit that was asked, or nobody."""
    if name in ("author", "own_unit", "nobody"):
        return {"author": house.author, "own_unit": house.operator, "nobody": None}[name]
    place = HandlingUnitFactory() if name in (Role.UNIT_OPERATOR, Role.UNIT_LEADER) else None
    return UserFactory(roles=[(name, place) if place else name])


def read(client, url: str) -> str:
    """The words of an answer, those in the cells of a spreadsheet too; nothing for a refusal."""
    response = client.get(url)
    if response.status_code != 200:
        return ""
    if not response.streaming:
        return response.content.decode()
    content = b"".join(response.streaming_content)
    if "spreadsheet" not in response["Content-Type"]:
        return content.decode("latin-1")
    return "\n".join(str(cell) for row in load_workbook(io.BytesIO(content)).active.values for cell in row)


def paths(secrets) -> list[str]:
    """Every address by which a word of a report could be reached."""
    listing, board = reverse("sentiment:list"), reverse("sentiment:board")
    reports = [secrets[key] for key in ("draft", "pending", "issued")] + [secrets["open_issue"].entries.get().report]
    found = [listing, f"{listing}?format=xlsx", f"{listing}?mine=1", f"{listing}?turn=1", f"{listing}?sort=due"]
    found += [f"{listing}?q={word}" for word in (DRAFT, PENDING, WAITING, INNER, NOTE)]
    found += [f"{listing}?q={word}&format=xlsx" for word in (DRAFT, PENDING)]
    found += [f"{listing}?state={state}" for state in ("draft", "office", "passing", "out")]
    found += [f"{board}?format=xlsx", board, reverse("sentiment:new"), reverse("sentiment:forwards")]
    found += [row.get_absolute_url() for row in reports]
    found += [reverse(f"sentiment:{page}", args=[row.pk]) for row in reports for page in ("work", "edit")]
    found += [reverse("sentiment:act", args=[row.pk, "keep"]) for row in reports]
    found += [secrets["forward"].get_absolute_url(), reverse("sentiment:forward_judge", args=[secrets["forward"].pk])]
    found += ["/home/", "/messages/", "/dashboards/", "/", "/open/opinions/", "/track/?code=1234567890"]
    found += [f"/proposals/?q={word}" for word in (PENDING, INNER)]
    return [*found, f"/open/proposals/?q={PENDING}"]


def everybody(client, house):
    """Everyone in turn, signed in; one world for all, because nothing here changes it."""
    for who in EVERYBODY:
        client.logout()
        if (account := person(house, who)) is not None:
            client.force_login(account)
        yield who


def test_no_path_tells_more_than_the_role_may_know(client, house, secrets):
    for who in everybody(client, house):
        for url in paths(secrets):
            if who == "leader" and url.startswith(reverse("sentiment:board")):
                continue  # the ranking of the year is for the leadership, without what anybody wrote
            page = read(client, url)
            for word, entitled in MAY.items():
                if who not in entitled and word not in url:
                    assert word not in page, f"{who} reads “{word}” at {url}"


def test_search_counts_and_exports_only_what_may_be_read(client, house, secrets):
    def total(query: str) -> int:
        return client.get(f"{reverse('sentiment:list')}?{query}").context["page"].total

    found_by_name = {"author": 4} | dict.fromkeys(INFO, 3)
    for who in everybody(client, house):
        if who == "nobody":
            assert client.get(reverse("sentiment:list")).status_code == 302
            continue
        assert total(f"q={DRAFT}") == 0, "a draft is not searched"
        assert total(f"q={PENDING}") == (who in MAY[PENDING]), who
        assert total(f"q={INNER}") == (who in MAY[INNER]), who
        assert total(f"q={NAME}") == found_by_name.get(who, 0), f"{who}: who reported is found by who may know it"
        assert total(f"by=m{house.member.pk}") == (3 if who in INFO else total("")), f"{who} narrows by who reported"
        assert total("noted=1") == (who in MAY[NOTE]), who


def test_issues_and_files_are_for_their_readers(client, house, secrets):
    open_issue, issue = secrets["open_issue"], secrets["issue"]
    file = attachments.files_of(secrets["pending"]).get()
    doors = [(reverse("core:file", args=[file.uuid]), OFFICE | {"author"})]
    for row, entitled in ((open_issue, INFO), (issue, OFFICE | LEADERS)):
        doors += [(reverse(f"sentiment:{name}", args=[row.pk]), entitled) for name in ("bulletin", "bulletin_word")]
    for who in everybody(client, house):
        for url, entitled in doors:
            answer = client.get(url)
            assert (answer.status_code == 200) == (who in entitled), f"{who} at {url}"
            if answer.streaming:
                assert b"".join(answer.streaming_content)
        listed = read(client, reverse("sentiment:bulletins"))
        assert (open_issue.get_absolute_url() in listed) == (who in INFO), who


def test_unit_reads_the_note_only_when_it_was_sent_along(client, house, secrets):
    client.force_login(house.operator)
    url = secrets["forward"].get_absolute_url()
    assert NOTE not in client.get(url).content.decode()
    aftermath.note(
        secrets["issued"],
        actor=house.editor,
        leader="区长",
        level="district",
        text="请水利局办",
        on=None,
        for_unit=True,
    )
    page = client.get(url).content.decode()
    assert "请水利局办" in page
    assert NOTE not in page


def test_withdrawn_issue_goes_from_its_readers(client, house):
    issue = house.issued(title=ISSUED).bulletins.get()
    client.force_login(house.leader)
    assert client.get(issue.get_absolute_url()).status_code == 200
    bulletins.withdraw(issue, actor=house.editor, reason="数字有误")
    assert client.get(issue.get_absolute_url()).status_code == 404


def test_messages_do_not_name_the_reporter_to_units_and_leaders(client, house, secrets):
    for account in (house.operator, house.leader):
        client.force_login(account)
        page = client.get("/messages/").content.decode()
        assert ISSUED in page
        assert NAME not in page
