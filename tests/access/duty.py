"""Duty files, appeals, scores and their rules: points are for the member, the liaison office and leaders."""

from datetime import date, timedelta

from members.models import DutyEntry, ScoreRules, ScoreYear, Studio
from members.services import appeals, reports, score_rules, scores
from tests.access.rules import Rule, people

LIAISON = people("liaison")
ENTITLED = people("liaison leader")
FILE = ENTITLED | people("member2")
APPEAL = LIAISON | people("member2")

RULES = {
    "members:my_duty": Rule(people("member member2 convener")),
    "members:duty": Rule(FILE, "member"),
    "members:duty_print": Rule(FILE, "member"),
    "members:duty_docx": Rule(FILE, "member"),
    "members:duty_report": Rule(FILE, "member"),
    "members:duty_ledger": Rule(FILE, "member"),
    "members:appeal_new": Rule(people("member2"), "member", {"about": "meetings", "text": "没有记"}),
    "members:reports": Rule(ENTITLED),
    "members:my_report": Rule(people("liaison leader member member2 convener")),
    "members:report_autosave": Rule(people("member member2 convener"), "report_year", {"done": "参加会议"}),
    "members:reports_batch": Rule(LIAISON, "report_round"),
    "members:report_round_new": Rule(LIAISON),
    "members:report_round": Rule(LIAISON, "report_round"),
    "members:report_round_act": Rule(LIAISON, "report_round 'close'"),
    "members:report_paper": Rule(LIAISON, "report_round member"),
    "members:yearly_report": Rule(FILE, "yearly_report"),
    "members:report_act": Rule(people("member2"), "yearly_report 'take_back'"),
    "members:appeals": Rule(people("liaison member member2 convener")),
    "members:appeal": Rule(APPEAL, "appeal"),
    "members:appeal_withdraw": Rule(APPEAL, "appeal"),
    "members:studio_score": Rule(ENTITLED | people("convener"), "convened_studio"),
    "members:scores": Rule(ENTITLED),
    "members:studio_scores": Rule(ENTITLED),
    "members:scores_compute": Rule(LIAISON),
    "members:score_job": Rule(LIAISON, "score_job"),
    "members:score_close": Rule(LIAISON, "score_year"),
    "members:score_verify": Rule(ENTITLED, "score_year"),
    "members:score_rules": Rule(LIAISON),
    "members:score_rules_new": Rule(LIAISON),
    "members:score_rules_item": Rule(LIAISON, "score_draft"),
    "members:score_rules_simulation": Rule(LIAISON, "score_draft"),
    "members:score_rules_force": Rule(LIAISON, "score_draft"),
    "members:score_rules_drop": Rule(LIAISON, "score_draft"),
}


def build(world) -> dict[str, object]:
    """A year of scores, a draft of the rules, an appeal of member2, the studio of the convener."""
    score_rules.begin_rules()
    member = world["member2"].member
    DutyEntry.objects.create(
        member=member, act="activity.meeting", on=date(2025, 3, 5), year=2025, summary="会议", key="access:1",
        subject_type="members.member", subject_id=member.pk,
    )  # fmt: skip
    row: ScoreYear = scores.compute_year("member", 2025)
    draft: ScoreRules = score_rules.draft_rules("member", actor=world["liaison"])
    made = appeals.appeal(member, actor=world["member2"], year=date.today().year, text="没有记", heading="meetings")
    job = scores.start_computing(actor=world["liaison"])
    studio = Studio.objects.get(pk=world["convener"].role_grants.get(role="convener").body_id)
    asked = reports.open_round(actor=world["liaison"], year=date.today().year, due_on=date.today() + timedelta(20))
    report = reports.save(asked, member, actor=world["member2"], done="参加会议", gains="体会")
    reports.submit(report, actor=world["member2"])
    return {
        "report_round": asked.pk, "report_year": asked.year, "yearly_report": report.pk,
        "score_year": row.pk, "score_draft": draft.pk, "appeal": made.pk, "score_job": job.pk,
        "convened_studio": studio.pk,
    }  # fmt: skip
