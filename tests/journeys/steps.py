"""What people do with a proposal, one step each: every function is what one person does at one moment."""

from datetime import date, timedelta

from django.utils import timezone

from members.models import HandlingUnit, User
from proposals.models import Category, Proposal, ResultClass, Suggestion, UnitTask
from proposals.services import assignment, drafting, replying, review
from tests.journeys.people import Desk

TITLE = "关于山区小规模学校教师周转房建设的建议"
SUGGESTIONS = (
    "对62所山区小规模学校教师住宿逐校登记，列出缺口和危旧房清单。",
    "分三年建设周转房，2026年起每年不少于40套。",
)
ANSWERS = ("已完成62所学校登记，清单附后。", "40套周转房已全部交付使用。")
GOOD = {"contact_way": "meeting", "targeting": "on_point", "attitude": "satisfied", "result": "satisfied", "text": ""}

# --- Proposers ---------------------------------------------------------------------------------


def write(desk: Desk, *, kind: str = "individual", title: str = TITLE, autosave: bool = False) -> None:
    """Screen one: write the proposal and go on to screen two."""
    desk.go("/proposals/")
    desk.press("写提案")
    desk.fill(kind=kind, title=title, situation="教师住得远，山路难走，留不住人。", analysis="周转房少，年久失修。")
    desk.page.locator("main select[name=category]").select_option(label="教育科技")
    asks = desk.page.locator("main textarea[name=ask]")
    for place, words in enumerate(SUGGESTIONS):
        if place:
            more = desk.control("再加一条")
            more.click() if desk.scripts else desk.press(more)
        asks.nth(place).fill(words)
    if autosave:
        desk.page.locator("[data-saved]", has_text="已保存").wait_for()
        row = Proposal.objects.get()
        assert (row.status, row.title, row.suggestions.count()) == ("draft", title, 2)
    desk.press("下一屏：联名与联系")


def invite(desk: Desk, name: str) -> None:
    """Screen two: ask a member to sign with one, until the day after to-morrow."""
    desk.fill(add_cosigner=name)
    desk.press("加入")
    desk.sees(name)
    desk.fill(cosign_until=(timezone.localdate() + timedelta(days=2)).isoformat())
    desk.pick("publish_consent", "1")
    desk.press("发出联名邀请")
    desk.sees("等他确认")


def agree_to_sign(desk: Desk) -> None:
    """The invited member's own page."""
    desk.sees(TITLE, *SUGGESTIONS)
    desk.press("同意联名")
    desk.sees("您已同意联名")


def hand_in(desk: Desk) -> None:
    """The first proposer hands it in, from the page of the proposal."""
    desk.press("联名与提交")
    finish(desk)


def finish(desk: Desk) -> None:
    """Screen two, to the receipt."""
    if desk.page.locator("main [name=publish_consent]").count():
        desk.pick("publish_consent", "1")
    desk.confirm("提交给提案委")
    desk.sees("流水号")


def judge(desk: Desk, **changes: str) -> None:
    """Fill in the form 征询意见表 that is open."""
    answers = {**GOOD, **changes}
    text = answers.pop("text")
    for name, value in answers.items():
        desk.pick(name, value)
    desk.fill(text=text)
    desk.confirm("提交")
    desk.sees("已提交，谢谢您。")


# --- The proposals office and inspection -------------------------------------------------------


def first_review(desk: Desk) -> None:
    """The first opinion: file it."""
    desk.todo(TITLE, "初审")
    desk.press("初审")
    desk.pick("outcome", "file")
    desk.press(desk.page.locator("main form:has([name=outcome]) button.btn-primary"))
    desk.sees("初审意见已存，等另一位复审。")


def second_review(desk: Desk) -> None:
    """The decision of somebody else: filed, with its number."""
    desk.todo(TITLE, "复审")
    desk.press("复审")
    desk.confirm(desk.page.locator("main form:has([name=outcome]) button.btn-primary"))
    desk.sees("已定")


def called(unit: str) -> str:
    """What the full and the short name of a unit of the district have in common."""
    return unit.removeprefix("汉滨")


def assign(desk: Desk, case: Proposal, *, lead: str, support: str) -> None:
    """Give the case to a lead and a support unit."""
    desk.press("交办")
    desk.pick("mode", "lead_support")
    desk.fill(lead=lead, supports=support)
    desk.press("交办")
    desk.sees("已交办", called(lead), called(support))


def issue(desk: Desk) -> None:
    """Check the reply and let it go to the proposers."""
    desk.sees(*ANSWERS)
    desk.confirm("审核通过，送达委员")
    desk.sees("已送达提案者")


def archive(desk: Desk) -> None:
    """Close the file."""
    desk.press("归档")
    desk.confirm("归档")
    desk.sees("已归档")


# --- Units -------------------------------------------------------------------------------------


def sign_receipt(desk: Desk) -> None:
    """Sign for the task on its page."""
    desk.press("签收")
    desk.sees("已签收")


def log_contact(desk: Desk) -> None:
    """Write down a talk with the proposer."""
    if not desk.page.locator("main [name=persons]").first.is_visible():
        desk.page.locator("main summary", has_text="沟通").first.click()
    desk.fill(held_on=timezone.localdate().isoformat(), persons="刘玥委员、田禾", content="谈了底数和选址。")
    desk.page.locator("main select[name=method]").select_option("meeting")
    desk.press("记下这次沟通")
    desk.sees("沟通记下了")


def give_opinion(desk: Desk) -> None:
    """The support unit tells the lead unit what it can do."""
    desk.fill(opinion="水利局配合周转房选址和供水。")
    desk.press("交给主办单位")
    desk.sees("会办意见已交给主办单位")


def write_reply(desk: Desk, case: Proposal, *, send: bool = True) -> None:
    """Answer suggestion by suggestion, class A, and send the draft on."""
    begin = desk.page.locator("main").get_by_role("button", name="开始写答复函")
    if begin.count():
        desk.press(begin)
    chosen = str(ResultClass.objects.get(letter="A").pk)
    for suggestion, words in zip(case.suggestions.order_by("order"), ANSWERS, strict=True):
        desk.fill(**{f"text_{suggestion.pk}": words})
        desk.pick(f"class_{suggestion.pk}", chosen)
    desk.fill(contact_name="田禾", contact_phone="0915-0000118")
    if send:
        desk.press(desk.page.locator("main button[name=send]"))


def cosign(desk: Desk) -> None:
    """The support unit agrees to the letter."""
    desk.sees(*ANSWERS)
    desk.pick("agree", "yes")
    desk.press("会签")
    desk.sees("已会签同意")


def approve(desk: Desk) -> None:
    """The leader reads the letter and signs it."""
    if "/replies/" not in desk.page.url:
        desk.press("通读全文，签发")
    desk.confirm("签发")
    desk.sees("已签发")


def send_to_office(desk: Desk, number: str) -> None:
    """The unit gives the letter its number and sends it to inspection."""
    if "/replies/" not in desk.page.url:
        desk.press("去编号报送")
    desk.fill(document_no=number)
    desk.press("报督查室审核")
    desk.sees("已报督查室审核")


# --- Elsewhere ---------------------------------------------------------------------------------


def figures(desk: Desk) -> dict[str, str]:
    """The six numbers at the head of the leadership page, by their names."""
    desk.go("/dashboards/")
    names = desk.page.locator(".figure-name").all_inner_texts()
    return dict(zip(names, desk.page.locator(".figure-num").all_inner_texts(), strict=True))


# --- The way there, where a story begins later -------------------------------------------------


def walked(
    town: dict[str, User],
    state: str,
    *,
    by: str = "member",
    title: str = TITLE,
    letter: str = "A",
    due: date | None = None,
) -> Proposal:
    """A case of ``by`` with the town's two units, walked by the services to the given state.

    ``state`` is submitted, filed, assigned (to 农业农村局 alone) or replied; ``due`` makes a promise.
    """
    member, unit = town[by], town["unit"]
    case = drafting.create_draft(
        actor=member, kind="individual", title=title, situation="教师住得远。", analysis="", suggestions=list(SUGGESTIONS),
        category=Category.objects.get(code="education"),
    )  # fmt: skip
    case = drafting.submit(case, actor=member)
    if state == "submitted":
        return case
    case = review.recommend(case, actor=town["proposal-clerk"], outcome="file")
    case = review.decide(case, actor=town["proposal-chief"], outcome="file")
    if state == "filed":
        return case
    lead = HandlingUnit.objects.get(pk=next(iter(unit.unit_ids())))
    case = assignment.assign(case, actor=town["inspection"], mode="sole", lead=lead)
    if state == "assigned":
        return case
    answered(town, UnitTask.objects.get(proposal=case), letter=letter, due=due)
    return Proposal.objects.get(pk=case.pk)


def answered(
    town: dict[str, User],
    task: UnitTask,
    *,
    by: str = "unit",
    head: str = "unit-head",
    letter: str = "A",
    due: date | None = None,
) -> None:
    """The unit of ``task`` signs for it (where it has not), answers, and inspection lets the letter go."""
    unit = town[by]
    if task.signed_on is None:
        task = assignment.sign_receipt(task, actor=unit)
    replying.add_contact(
        task, actor=unit, held_on=timezone.localdate(), method="meeting", persons="刘玥", content="已面谈。"
    )
    reply = replying.draft_reply(task, actor=unit)
    chosen = ResultClass.objects.get(letter=letter)
    asks: list[Suggestion] = list(task.proposal.suggestions.all())
    items = {row.pk: {"text": words, "result_class": chosen} for row, words in zip(asks, ANSWERS, strict=True)}
    promises = [{"suggestion_id": asks[1].pk, "text": "建成40套", "due_on": due, "owner": "计财科"}] if due else []
    reply = replying.save_reply(reply, actor=unit, items=items, result_class=chosen, promises=promises)
    reply = replying.approve(reply, actor=town[head])
    reply = replying.send_to_office(reply, actor=unit, document_no="汉滨农函〔2026〕30号")
    replying.issue(reply, actor=town["inspection"])
