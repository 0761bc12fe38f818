"""The board: every number opens just the rows that it counts; rankings are for those entitled."""

import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core import options
from members.models import Body, Role
from sentiment import board, ranking
from sentiment.models import OpinionReport
from sentiment.services import aftermath, editing, public_voice, writing
from tests.factories import MemberFactory, StudioFactory, UserFactory

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r'<a[^>]*href="(/sentiment/[^"]*\?[^"]*)"[^>]*>(.*?)</a>', re.S)


@pytest.fixture
def year(house):
    """Reports at many stages, of two members, a studio and a resident; returns the year."""
    forward = house.forwarded(title="转办的")
    aftermath.adopt(forward.report, actor=house.editor, level="city", body_name="市政协", on=timezone.localdate())
    aftermath.note(
        forward.report, actor=house.editor, leader="区长", level="district", text="请办", on=timezone.localdate()
    )
    answered = house.forwarded(title="答复的", category="")
    aftermath.answer(answered, actor=house.operator, text="已办。")
    house.signed(title="待刊发的")
    house.editing(title="编辑中的")
    editing.turn_down(house.submitted(title="留存的"), "keep", actor=house.editor, reason="个案")
    house.draft(title="草稿")
    writing.withdraw(house.submitted(title="撤回的"), actor=house.author, reason="不报了")
    studio = StudioFactory()
    convener = UserFactory(roles=[(Role.CONVENER, studio)])
    friend = MemberFactory(user=UserFactory(roles=[Role.MEMBER]))
    joint = writing.create_draft(
        actor=convener, body=studio, title="工作室的", situation="事", suggestions="办", people=[writing.Person(friend)]
    )
    writing.submit(joint, actor=convener)
    old = house.submitted(title="压了很久的")
    OpinionReport.objects.filter(pk=old.pk).update(submitted_on=timezone.localdate() - timedelta(days=40))
    public_voice.receive(title="群众的", text="路灯")
    return timezone.localdate().year


def numbers(page: str) -> list[tuple[str, int]]:
    """Each number on the board with its address."""
    main = page.partition("<main")[2]
    found = [
        (unescape(url), re.sub(r"<small>.*|<[^>]+>|,", "", text, flags=re.S)) for url, text in NUMBER.findall(main)
    ]
    return [(url, int(digits)) for url, text in found if (digits := text.strip()).isdecimal()]


@pytest.mark.parametrize("who", ["editor", "signer", "leader"])
def test_every_number_opens_just_its_rows(client, house, year, who):
    client.force_login(getattr(house, who))
    page = client.get(reverse("sentiment:board"))
    assert page.status_code == 200
    found = numbers(page.content.decode())
    assert len(found) > (40 if who == "editor" else 5)
    for url, value in found:
        assert client.get(url).context["page"].total == value, url


def test_figures_leave_out_drafts_withdrawn_and_composites(house, year):
    editing.make_composite(
        [OpinionReport.objects.get(title="编辑中的"), OpinionReport.objects.get(title="留存的")],
        actor=house.editor,
        title="综合",
    )
    found = ranking.facts(year)
    titles = set(OpinionReport.objects.filter(pk__in=[row.pk for row in found]).values_list("title", flat=True))
    assert titles == {"转办的", "答复的", "待刊发的", "编辑中的", "留存的", "工作室的", "压了很久的", "群众的"}
    to = board.Addresses(year, office=True)
    head = {
        row["name"]: row["value"]
        for row in board.head(found, to, board.standing(to, timezone.localdate()), sees_notes=True)
    }
    assert head == {"来稿": 8, "采用": 2, "刊发": 2, "已答复办理": 1, "转办待答复": 1, "获领导批示": 1}
    assert [line.numbers[0].value for line in board.levels(found, to)] == [2, 1, 0, 0]


def test_queues_tell_how_long_reports_wait(house, year):
    to = board.Addresses(year, office=True)
    rows = {
        row.name: [n.value for n in row.numbers] for row in board.queues(to, board.standing(to, timezone.localdate()))
    }
    assert rows["待收稿"] == [2, 0, 1]
    assert rows["编辑中"] == [1, 0, 0]


@pytest.mark.parametrize(("best_only", "points"), [(True, 6 + 5 + 3), (False, 3 + 6 + 5 + 3)])
def test_ranking_counts_the_best_level_or_all_of_them(house, year, best_only, points):
    options.set_value("sentiment.best_level_only", best_only, actor=UserFactory(is_superuser=True))
    first = ranking.reporters(year, ranking.facts(year), ranking.rules_of_year(year))[0]
    handed_in = 6
    assert (first.name, first.rank, first.submitted, first.points) == (
        house.member.name,
        1,
        handed_in,
        points + handed_in,
    )
    body = ranking.bodies(ranking.facts(year), ranking.rules_of_year(year))
    assert [(row.name, row.submitted, row.points) for row in body] == [
        (Body.objects.get(opinion_reports__isnull=False).name, 1, 1)
    ]


def test_residents_are_not_ranked(year):
    assert "群众" not in {row.name for row in ranking.reporters(year, ranking.facts(year), ranking.rules_of_year(year))}


@pytest.mark.parametrize(
    ("who", "board_status", "ranking_status"),
    [("editor", 200, 200), ("signer", 200, 200), ("leader", 200, 200), ("checker", 200, 404), ("author", 404, 404), ("operator", 404, 404)],
)  # fmt: skip
def test_ranking_is_for_those_entitled(client, house, year, who, board_status, ranking_status):
    client.force_login(getattr(house, who))
    page = client.get(reverse("sentiment:board"))
    assert page.status_code == board_status
    if board_status == 200:
        assert ("反映人排名" in page.content.decode()) == (ranking_status == 200)
    file = client.get(reverse("sentiment:board"), {"format": "xlsx", "what": "ranking"})
    assert file.status_code == ranking_status
    if file.streaming:
        assert b"".join(file.streaming_content)


def test_leader_gets_numbers_but_no_way_to_unpublished_reports(client, house, year):
    client.force_login(house.leader)
    page = client.get(reverse("sentiment:board")).content.decode().partition("<main")[2]
    assert "counted=1" not in page
    assert "by=m" not in page
    assert "现在压在哪一步" not in page


def test_board_is_taken_along_as_a_spreadsheet(client, house, year):
    client.force_login(house.editor)
    assert sheet(client, format="xlsx")[1] == ("全年", "来稿（篇）", 8)
    assert sheet(client, format="xlsx", what="ranking")[1][:3] == ("反映人", 1, house.member.name)


def sheet(client, **asked) -> list[tuple]:
    """The rows of the spreadsheet that the board gives."""
    response = client.get(reverse("sentiment:board"), asked)
    return list(load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)


def test_empty_year_has_a_board_too(client, house):
    client.force_login(house.editor)
    page = client.get(reverse("sentiment:board"), {"year": date.today().year - 1}).content.decode()
    assert "还没有来稿" in page
