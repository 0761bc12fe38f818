"""Rankings, their export, closing and verifying; the rules on their sheet, simulated and put into force."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core import jobs, outbox
from core.errors import Refusal
from core.models import AuditEntry, Job
from members.duty import acts as duty_acts
from members.models import Role, ScoreResult, ScoreRules, ScoreYear
from members.scores import sheet as score_sheet
from members.services import score_rules, scores
from tests import factories as make
from tests.factories_duty import ACTS, BANDS, DutyEntryFactory, ScoreRulesFactory, past_the_guard
from tests.members.test_duty_pages import text

pytestmark = pytest.mark.django_db
YEAR = 2025


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    """The acts that the tests' rules name."""
    monkeypatch.setattr(duty_acts, "_declared", dict(duty_acts._declared))
    for act, label in zip(ACTS, ("参加会议", "会议缺席", "提案立案", "重点提案"), strict=True):
        duty_acts.declare(act, label)


@pytest.fixture
def liaison(client):
    person = make.UserFactory(roles=[Role.LIAISON], name="温守恒")
    client.force_login(person)
    return person


@pytest.fixture
def ranked():
    """Three members with 60, 20 and 0 points."""
    ScoreRulesFactory(number=1)
    members = [make.MemberFactory(name=name) for name in ("甲委员", "乙委员", "丙委员")]
    for member, number in zip(members, (3, 1, 0), strict=True):
        DutyEntryFactory.create_batch(number, member=member)
    return scores.compute_year("member", YEAR)


URL = "/members/scores/"


def test_ranking_is_for_the_office_and_leaders_alone(client, ranked):
    for role in sorted(set(Role) - {Role.UNIT_OPERATOR, Role.UNIT_LEADER}):
        client.force_login(make.UserFactory(roles=[role]))
        wanted = 200 if role in (Role.LIAISON, Role.LEADER) else 404
        assert client.get(URL).status_code == wanted, role
    assert not client.get(URL).context or "重新计算" not in text(client.get(URL))


def test_ranking_lists_the_highest_first_with_bands_as_links(client, liaison, ranked, django_assert_max_num_queries):
    client.get(URL)
    with django_assert_max_num_queries(10):
        response = client.get(URL)
    assert [row.member.name for row in response.context["rows"]] == ["甲委员", "乙委员", "丙委员"]
    assert [(share.label, share.count, share.percent) for share in response.context["shares"]] == [
        ("优秀", 0, 0), ("良好", 0, 0), ("称职", 1, 33), ("不称职", 2, 67),
    ]  # fmt: skip
    only = client.get(URL, {"band": "称职", "year": YEAR})
    assert [row.member.name for row in only.context["rows"]] == ["甲委员"]
    assert [row.member.name for row in client.get(URL, {"q": "丙"}).context["rows"]] == ["丙委员"]


def test_export_holds_exactly_what_is_filtered_and_is_logged(client, liaison, ranked):
    response = client.get(URL, {"band": "不称职", "format": "xlsx"})
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[0] == ["名次", "姓名", "委员编号", "界别", "会议出席", "提案", "得分", "等次"]
    assert [(row[0], row[1], row[-2], row[-1]) for row in rows[1:]] == [
        (2, "乙委员", 20, "不称职"), (3, "丙委员", 0, "不称职"),
    ]  # fmt: skip
    assert AuditEntry.objects.get(verb="scores.export").detail["rows"] == 2


def test_job_catches_up_and_computes_every_open_year(client, liaison, ranked):
    ScoreResult.objects.all().delete()
    response = client.post(reverse("members:scores_compute"))
    job = Job.objects.get()
    assert response.headers["Location"] == reverse("members:score_job", args=[job.pk])
    assert "正在算" in text(client.get(response.headers["Location"]))
    assert jobs.run(job.pk)
    done = text(client.get(response.headers["Location"]))
    assert "补记0条，算了2个年度。" in done
    assert ScoreResult.objects.filter(score_year__year=YEAR).count() == 3
    with pytest.raises(Refusal):
        scores.start_computing(actor=make.UserFactory())


def test_year_is_closed_after_being_asked_and_verified(client, liaison, ranked):
    close = reverse("members:score_close", args=[ranked.pk])
    assert "不能撤销" in text(client.post(close))
    assert ScoreYear.objects.get(year=YEAR).closed_at is None
    assert "委员积分已封存" in text(client.post(close, {"confirmed": "1"}, follow=True))
    DutyEntryFactory()
    verify = reverse("members:score_verify", args=[ranked.pk])
    assert "核对相符" in text(client.post(verify, follow=True))
    with past_the_guard():
        ScoreRules.objects.filter(pk=ranked.rules_id).update(bands=[{"label": "不称职", "from": "0"}])
    assert "核对不符" in text(client.post(verify, follow=True))


def test_leader_reads_and_verifies_but_neither_computes_nor_closes(client, ranked):
    client.force_login(make.UserFactory(roles=[Role.LEADER]))
    assert client.post(reverse("members:score_verify", args=[ranked.pk])).status_code == 302
    for name, args in (("scores_compute", []), ("score_close", [ranked.pk]), ("score_rules", [])):
        url = reverse(f"members:{name}", args=args)
        assert client.post(url, {"confirmed": "1"}).status_code in (404, 405), name
    assert client.get(reverse("members:score_rules")).status_code == 404


def test_empty_ranking_says_how_to_begin(client, liaison):
    assert "先施行计分办法" in text(client.get(URL))


# The sheet of the rules


def typed(rules: ScoreRules, **changes) -> dict[str, str]:
    """The fields of the sheet as a browser would send them, with some changed."""
    fields = {"title": rules.title}
    for line in score_sheet.lay_out(rules.headings, rules.bands, target=rules.target).headings:
        for name in ("code", "label", "cap", "bonus", "floor"):
            fields[f"{line.prefix}-{name}"] = line.data.get(name, "")
        for item in line.items:
            for name in ("act", "label", "points", "most", "share"):
                fields[f"{item.prefix}-{name}"] = item.data.get(name, "")
            if item.data.get("bonus"):
                fields[f"{item.prefix}-bonus"] = "1"
    for at, band in enumerate([*rules.bands, {}]):
        fields |= {f"b{at}-label": band.get("label", ""), f"b{at}-from": band.get("from", "")}
    return fields | {name.replace("_", "-"): value for name, value in changes.items()}


@pytest.fixture
def draft(liaison, ranked):
    return score_rules.draft_rules("member", actor=liaison)


def sheet(draft: ScoreRules) -> str:
    return reverse("members:score_rules_item", args=[draft.pk])


def test_draft_begins_as_a_copy_and_saved_unchanged_stays_it(client, liaison, ranked):
    response = client.post(reverse("members:score_rules_new"), {"target": "member"})
    draft = ScoreRules.objects.get(in_force_at=None)
    assert response.headers["Location"] == sheet(draft)
    client.post(sheet(draft), typed(draft))
    saved = ScoreRules.objects.get(pk=draft.pk)
    assert (saved.headings, saved.bands) == (draft.headings, draft.bands)
    assert draft.bands == BANDS


def test_sheet_adds_and_strikes_out_rows(client, draft):
    client.post(
        sheet(draft),
        typed(
            draft, h0_cap="50", h0_i1_drop="1", h2_label="学习", h2_cap="10", h2_i0_act="t.absent", h2_i0_points="-1",
            b4_label="", b0_label="优等",
        ),
    )  # fmt: skip
    saved = ScoreRules.objects.get(pk=draft.pk)
    assert [(row["code"], row["label"], row["cap"], len(row["items"])) for row in saved.headings] == [
        ("meetings", "会议出席", "50", 1), ("proposals", "提案", "40", 2), ("h1", "学习", "10", 1),
    ]  # fmt: skip
    assert saved.headings[2]["items"][0]["label"] == "会议缺席"
    assert saved.bands[0] == {"label": "优等", "from": "90"}


def test_weights_that_do_not_add_up_are_refused_and_nothing_typed_is_lost(client, draft):
    response = client.post(sheet(draft), typed(draft, h0_cap="70", h0_i0_points="十", title="新办法"))
    assert response.status_code == 422
    words = text(response)
    assert "没有存，还有2处要改" in words
    assert "各项目的上限合计要正好100分，现在是110分，多了10分。" in words
    page = response.content.decode()
    assert 'value="70"' in page
    assert 'value="新办法"' in page
    assert '<a href="#h0-i0-points">“参加会议”每次的分要填数字，现在是“十”。</a>' in page
    assert 'id="h0-i0-points-error"' in page
    assert ScoreRules.objects.get(pk=draft.pk).headings == draft.headings


def test_simulation_names_who_changes_before_force_and_force_asks(client, draft, django_assert_max_num_queries):
    response = client.post(sheet(draft), typed(draft, h0_i0_points="30", simulate="1"))
    assert response.headers["Location"] == reverse("members:score_rules_simulation", args=[draft.pk])
    with django_assert_max_num_queries(18):
        words = text(client.get(response.headers["Location"], {"year": YEAR}))
    assert "没有谁的等次会变" in words
    client.post(sheet(draft), typed(draft, h0_i0_points="30", b2_from="30"))
    words = text(client.get(response.headers["Location"], {"year": YEAR}))
    assert "这1名委员的等次会变" in words
    assert "乙委员不称职称职2030" in words
    force = reverse("members:score_rules_force", args=[draft.pk])
    assert "施行后不能再改" in text(client.post(force, {"from_year": YEAR}))
    assert ScoreRules.objects.get(pk=draft.pk).in_force_at is None
    client.post(force, {"from_year": YEAR, "confirmed": "1"})
    outbox.run_pending()
    assert ScoreYear.objects.get(year=YEAR).rules == draft
    assert ScoreResult.objects.get(member__name="乙委员", score_year__year=YEAR).band == "称职"
    assert "施行了的办法不能再改" in text(client.post(sheet(draft), {}, follow=True))
    assert client.get(sheet(draft)).context["reading"].limit == 110


def test_force_says_why_not(client, draft):
    force = reverse("members:score_rules_force", args=[draft.pk])
    assert "请填写从哪年起" in text(client.post(force, {"from_year": "明年", "confirmed": "1"}, follow=True))
    far = timezone.localdate().year + 5
    assert "只能在" in text(client.post(force, {"from_year": far, "confirmed": "1"}, follow=True))


def test_draft_is_dropped_after_being_asked(client, draft):
    url = reverse("members:score_rules_drop", args=[draft.pk])
    assert "删去后不能恢复" in text(client.post(url))
    client.post(url, {"confirmed": "1"})
    assert not ScoreRules.objects.filter(pk=draft.pk).exists()
