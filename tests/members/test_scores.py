"""A year is computed from its rows, closed for ever, and computed again gives the same digest."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import Refusal
from members.duty import acts as duty_acts
from members.models import DutyEntry, Membership, Role, ScoreRules, ScoreYear
from members.scores import ledger as score_ledger
from members.services import duty, score_rules, scores
from tests import factories as make
from tests.factories_duty import ACTS, BANDS, HEADINGS, DutyEntryFactory, ScoreRulesFactory, past_the_guard

pytestmark = pytest.mark.django_db
YEAR = 2025


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    """The acts that the tests' rules name."""
    monkeypatch.setattr(duty_acts, "_declared", dict(duty_acts._declared))
    for act in ACTS:
        duty_acts.declare(act, act)


@pytest.fixture
def liaison():
    return make.UserFactory(roles=[Role.LIAISON])


def three() -> list:
    """Members with two meetings, one, and none."""
    members = [make.MemberFactory() for _ in range(3)]
    for member, number in zip(members, (2, 1, 0), strict=True):
        DutyEntryFactory.create_batch(number, member=member)
    return members


def standing(row: ScoreYear) -> dict[int, tuple]:
    """Points, band and place by member."""
    return {found.member_id: (found.points, found.band, found.rank) for found in row.results.all()}


def test_points_bands_and_places_of_all(liaison):
    ScoreRulesFactory()
    a, b, c = three()
    d = make.MemberFactory()
    DutyEntryFactory(member=d)
    DutyEntryFactory(member=d, act="t.filed", detail={"role": "joint", "signers": 4})
    row = scores.compute_year("member", YEAR)
    assert standing(row) == {
        a.pk: (40, "不称职", 1), d.pk: (Decimal("22.5"), "不称职", 2), b.pk: (20, "不称职", 3), c.pk: (0, "不称职", 4),
    }  # fmt: skip
    assert row.results.get(member=a).parts == [
        {"code": "meetings", "points": "40.00"}, {"code": "proposals", "points": "0"},
    ]  # fmt: skip


def test_equal_points_share_a_place():
    ScoreRulesFactory()
    members = [make.MemberFactory() for _ in range(3)]
    for member in members[:2]:
        DutyEntryFactory(member=member)
    row = scores.compute_year("member", YEAR)
    assert [found[2] for found in standing(row).values()] == [1, 1, 3]


def test_who_counts_in_a_year():
    here, gone, later, past = (make.MemberFactory() for _ in range(4))
    term = make.TermFactory()
    Membership.objects.create(member=here, term=term)
    Membership.objects.create(member=gone, term=term, starts=date(2022, 2, 1), ends=date(2024, 12, 31))
    Membership.objects.create(member=later, term=term, starts=date(2026, 1, 1))
    Membership.objects.create(member=past, term=term, ends=date(2023, 6, 1))
    DutyEntryFactory(member=past)
    inactive = make.MemberFactory(is_active=False)
    assert score_ledger.population("member", YEAR) == {here.pk, past.pk}
    assert inactive.pk not in score_ledger.population("member", 2024)
    assert gone.pk in score_ledger.population("member", 2024)


def test_reversal_changes_an_open_year_and_an_unchanged_one_is_not_rewritten(liaison):
    ScoreRulesFactory()
    a, *_ = three()
    first = scores.compute_year("member", YEAR)
    ids = set(first.results.values_list("pk", flat=True))
    again = scores.compute_year("member", YEAR)
    assert again.digest == first.digest
    assert set(again.results.values_list("pk", flat=True)) == ids
    duty.reverse_duty(DutyEntry.objects.filter(member=a).first(), actor=liaison, reason="记错人")
    assert standing(scores.compute_year("member", YEAR))[a.pk][0] == 20


def test_closed_year_gives_the_same_digest_whatever_comes_later(liaison):
    ScoreRulesFactory()
    a, b, c = three()
    row = scores.close_year("member", YEAR, actor=liaison)
    kept = standing(row)
    duty.reverse_duty(DutyEntry.objects.filter(member=a).first(), actor=liaison, reason="登记错了")
    DutyEntryFactory(member=c)
    make.MemberFactory()
    ScoreRulesFactory(from_year=YEAR, headings=[{**HEADINGS[0], "cap": "100"}])
    again = scores.verify(ScoreYear.objects.get(pk=row.pk))
    assert again.equal
    assert again.computed == row.digest
    with pytest.raises(Refusal, match="已经封存"):
        scores.compute_year("member", YEAR)
    scores.compute_open_years()
    assert standing(ScoreYear.objects.get(pk=row.pk)) == kept


def test_verification_shows_a_result_that_somebody_changed(liaison):
    ScoreRulesFactory()
    three()
    row = scores.close_year("member", YEAR, actor=liaison)
    with past_the_guard():
        ScoreRules.objects.update(headings=[{**HEADINGS[0], "cap": "10"}, HEADINGS[1]])
    found = scores.verify(ScoreYear.objects.get(pk=row.pk))
    assert not found.equal


def test_only_the_liaison_office_closes_and_only_a_year_that_is_over(liaison):
    ScoreRulesFactory()
    with pytest.raises(Refusal, match="没有这个权限"):
        scores.close_year("member", YEAR, actor=make.UserFactory(roles=[Role.LEADER]))
    with pytest.raises(Refusal, match="还没有过完"):
        scores.close_year("member", timezone.localdate().year, actor=liaison)


def test_year_without_rules_is_refused_and_left_out():
    ScoreRulesFactory(from_year=2025)
    DutyEntryFactory(on=date(2024, 5, 1))
    with pytest.raises(Refusal, match="2024年还没有施行的计分办法"):
        scores.compute_year("member", 2024)
    assert 2024 not in scores.years_to_compute("member")


def test_version_that_began_last_rules():
    old, new = ScoreRulesFactory(from_year=2020), ScoreRulesFactory(from_year=2025)
    ScoreRulesFactory(from_year=None, in_force_at=None)
    assert scores.rules_for("member", 2024) == old
    assert scores.rules_for("member", 2026) == new
    assert scores.rules_for("studio", 2026) is None


def test_studios_have_a_year_and_stars_of_their_own():
    duty_acts.declare("t.day", "接待日", target="studio")
    headings = [{**HEADINGS[0], "cap": "100", "items": [{**HEADINGS[0]["items"][0], "act": "t.day", "points": "50"}]}]
    ScoreRulesFactory(target="studio", headings=headings)
    studio, idle = make.StudioFactory(), make.StudioFactory()
    DutyEntryFactory.create_batch(2, member=None, studio=studio, act="t.day")
    DutyEntryFactory()
    row = scores.compute_year("studio", YEAR)
    assert {found.studio_id: found.band for found in row.results.all()} == {studio.pk: "优秀", idle.pk: "不称职"}


# Versions of the rules


def test_first_rules_come_once_from_the_first_term_on():
    make.TermFactory()
    assert score_rules.begin_rules() == 2
    assert score_rules.begin_rules() == 0
    assert set(ScoreRules.objects.values_list("target", "number", "from_year")) == {
        ("member", 1, 2022), ("studio", 1, 2022),
    }  # fmt: skip


def test_draft_is_a_copy_and_there_is_one_at_a_time(liaison):
    rules = ScoreRulesFactory(number=7)
    draft = score_rules.draft_rules("member", actor=liaison)
    assert (draft.number, draft.headings, draft.in_force_at) == (8, rules.headings, None)
    assert score_rules.draft_rules("member", actor=liaison) == draft
    with pytest.raises(Refusal):
        score_rules.draft_rules("member", actor=make.UserFactory(roles=[Role.MEMBER]))


def test_unsound_draft_is_not_saved_and_each_fault_is_named(liaison):
    ScoreRulesFactory()
    draft = score_rules.draft_rules("member", actor=liaison)
    bad = [{**HEADINGS[0], "cap": "70"}, HEADINGS[1]]
    with pytest.raises(score_rules.Unsound) as caught:
        score_rules.save_rules(draft, actor=liaison, title="新办法", headings=bad, bands=BANDS)
    assert [fault.message for fault in caught.value.faults] == ["各项目的上限合计要正好100分，现在是110分，多了10分。"]
    draft.refresh_from_db()
    assert draft.headings == HEADINGS


def test_version_in_force_never_changes(liaison):
    rules = ScoreRulesFactory()
    for act in (
        lambda: score_rules.save_rules(rules, actor=liaison, title="改", headings=HEADINGS, bands=BANDS),
        lambda: score_rules.put_in_force(rules, actor=liaison, from_year=2026),
        lambda: score_rules.drop_rules(rules, actor=liaison),
    ):
        with pytest.raises(Refusal, match="不能再改"):
            act()


def test_new_version_takes_force_from_its_year_but_not_in_a_closed_one(liaison):
    ScoreRulesFactory()
    three()
    scores.close_year("member", YEAR, actor=liaison)
    draft = score_rules.draft_rules("member", actor=liaison)
    with pytest.raises(Refusal, match="2025年已经封存，新办法最早从2026年起"):
        score_rules.put_in_force(draft, actor=liaison, from_year=YEAR)
    with pytest.raises(Refusal, match="只能在"):
        score_rules.put_in_force(draft, actor=liaison, from_year=2090)
    this_year = timezone.localdate().year
    score_rules.put_in_force(draft, actor=liaison, from_year=this_year)
    assert scores.rules_for("member", this_year) == draft
    assert scores.rules_for("member", YEAR) != draft


def test_simulation_names_who_changes_band_and_writes_nothing(liaison, django_assert_num_queries):
    ScoreRulesFactory()
    a, b, c = three()
    DutyEntryFactory(member=a)
    draft = score_rules.draft_rules("member", actor=liaison)
    headings = [
        {**HEADINGS[0], "items": [{**HEADINGS[0]["items"][0], "points": "30"}, HEADINGS[0]["items"][1]]}, HEADINGS[1],
    ]  # fmt: skip
    draft = score_rules.save_rules(draft, actor=liaison, title="新办法", headings=headings, bands=BANDS)
    DutyEntryFactory(member=b)
    found = score_rules.simulate(draft, YEAR)
    assert [(row.subject, row.before, row.after, row.before_band, row.after_band) for row in found.changes] == [
        (b, 40, 60, "不称职", "称职")
    ]
    assert (found.counted, found.moved) == (3, 1)
    assert found.distribution == [("优秀", 0, 0), ("良好", 0, 0), ("称职", 1, 2), ("不称职", 2, 1)]
    assert not ScoreYear.objects.exists()
    scores.compute_year("member", YEAR)
    simulated = {pk: result.points for pk, result in score_ledger.results(
        scores.read(draft), "member", YEAR, [a.pk, b.pk, c.pk]).items()}  # fmt: skip
    assert simulated == {a.pk: 60, b.pk: 60, c.pk: 0}
    assert (timezone.now() - draft.made_at) < timedelta(minutes=5)
