"""The demo world of outcomes 演示协商成果: one at every stage, from a draft that a meeting is to pass to looking back.

They belong to the sessions that the demo worlds of evaluation and deliberation have held. Titles are the
keys: what exists is left as it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from consultations.models import Consultation, DeliberationSummary, Opinion, Outcome, OutcomeStatus, Uptake
from consultations.services import conversions, outcomes
from consultations.services import uptake as uptakes
from consultations.services.uptake import Said
from members.demo.clock import on_day, workday_before
from members.demo.people import UNIT, UNIT2
from members.models import HandlingUnit, Role, User


@dataclass(frozen=True)
class Story:
    """One outcome: of which session, its kind and words, and how far it came, in days before today."""

    session: str
    kind: str
    title: str
    text: str
    asks: tuple[str, ...]
    sent: int | None = None
    number: str = ""
    passed: str = ""
    notes: tuple[tuple[str, str, bool], ...] = ()
    given: int | None = None
    answers: dict[str, tuple[int, tuple[tuple[str, str], ...]]] = field(default_factory=dict)
    """By unit: how many days ago it answered, and result and words for each suggestion."""
    made: tuple[tuple[str, str, str, int], ...] = ()
    closed: int | None = None
    looked: tuple[int, int, str] | None = None
    look_in: int | None = None


STORIES = (
    Story(
        "月河流域水环境治理", "formal_recommendation", "关于加强月河流域水环境治理的建议案",
        "月河流经9个镇，沿线23个村的生活污水直接入河，汛期垃圾聚集。\n2025年以来，委员三次实地察看，走访群众120多人，"
        "反映最多的是管护没有人、没有钱、没有账。\n治理成效要看支流，支流的问题在岸上。",
        ("沿线23个村的生活污水两年内全部收集处理。", "每个村设一名河道管护员，报酬列入区级预算。", "汛前清淤一次，清淤前后的照片在村里公示。",
         "在月河中游建一处鸟类观测点。"),
        sent=414, number="汉政协发〔2025〕9号", passed="政协汉滨区十六届常委会第十九次会议",
        notes=(("区委书记", "建议案提得准，请政府办拿出两年方案，常委会听一次汇报。", False),
               ("区长", "请生态环境分局、水利局牵头，逐条研究，能办的马上办。", True)),
        given=405,
        answers={
            UNIT: (340, (("adopted", "已编制23个村收集处理方案，分两年实施。"), ("adopted", "每村1名，每月600元，列入区级预算。"),
                         ("partly", "每年汛前清淤一次，公示由镇上负责。"), ("not", "观测点选址在保护区核心区，按规定不能建设。"))),
            UNIT2: (330, (("adopted", "配合做好农村生活污水设施用地。"), ("adopted", "管护员公益岗位优先安排脱贫户。"),
                          ("adopted", "清淤土方用于退化耕地改良。"), ("not", "不属本单位职责。"))),
        },
        made=(("policy", "汉滨区月河流域村级河道管护办法", "汉政办发〔2025〕31号", 250),
              ("project", "月河流域23村生活污水收集处理项目", "汉发改审批〔2025〕77号", 230),
              ("budget", "村级河道管护员补助", "2026年区级预算", 200)),
        closed=240, looked=(40, 94, "抽看8个村，7个村管护员在岗，记录齐全；五里镇一处管网没有接入，已请水利局补建。"), look_in=150,
    ),
    Story(
        "老旧小区加装电梯", "research", "关于老旧小区加装电梯的调研报告",
        "全区三层以上无电梯老旧住宅楼412栋，已装31部。\n难在三件事：低层不同意、钱怎么分摊、管线怎么改。",
        ("制定各楼层分摊比例的指导标准。", "水、电、气、通信管线改迁只收成本。", "一楼住户的补偿办法由社区主持商定。"),
        sent=150, number="汉政协办发〔2026〕14号", notes=(("分管副区长", "请住建局会同电力、燃气公司研究。", True),),
        given=130,
        answers={UNIT: (60, (("adopted", "已起草分摊指导标准，征求社区意见。"), ("partly", "电力、通信已减半，燃气仍在协商。"),
                             ("adopted", "在3个社区试点。")))},
    ),
    Story(
        "富硒茶产业链建设", "brief", "关于富硒茶产业链建设的协商专报",
        "全区茶园42万亩，深加工率不到三成，夏秋茶大半没有采。",
        ("夏秋茶加工设备补贴三年不变。", "统一“汉滨富硒茶”包装和检测标识。", "把茶叶初制用电列入农业生产用电。"),
        sent=52, number="协商专报第6期", notes=(("区长", "三条建议都好，请农业农村局牵头落实。", True),), given=45,
        answers={UNIT2: (12, (("adopted", "已列入明年产业资金方案。"), ("adopted", "标识设计方案正在征求茶企意见。"),
                              ("partly", "已与供电公司对接，先在3个镇试行。")))},
        made=(("budget", "夏秋茶加工设备补贴", "2027年区级预算（建议数）", 5),), look_in=110,
    ),
    Story(
        "山区义务教育教师周转房", "formal_recommendation", "关于加快山区义务教育教师周转房建设的建议案",
        "62所山区小规模学校中，41所没有教师周转房，缺口138套。",
        ("分三年建设周转房138套。", "明确申请、轮候、退出和维修责任。"),
    ),
)  # fmt: skip
DIGEST = "老旧小区停车难怎么解"


def seed(today: date) -> None:
    """Write what is not there yet; nothing is doubled."""
    liaison = User.objects.filter(username="liaison").first()
    if liaison is None:
        return
    for story in STORIES:
        session = Consultation.objects.filter(title=story.session, source_key=None).first()
        if session and not Outcome.objects.filter(title=story.title).exists():
            _tell(story, session, today, liaison)
    digest = Outcome.objects.filter(kind="digest", consultation__title=DIGEST, status=OutcomeStatus.DRAFT).first()
    if digest is not None:
        _send_digest(digest, today, liaison)


def _at(today: date, days: int) -> date:
    return workday_before(today, days)


def _tell(story: Story, session: Consultation, today: date, office: User) -> None:
    begun = _at(today, (story.sent or 3) + 2)
    with on_day(max(begun, session.on)):
        row = outcomes.write(
            session, actor=office, kind=story.kind, title=story.title, text=story.text, suggestions=story.asks,
            sent_to="区委、区政府",
        )  # fmt: skip
    if story.sent is None:
        return
    with on_day(max(_at(today, story.sent), session.on)):
        if story.passed:
            row = outcomes.approve(row, actor=office, approved_by="standing", approved_at=story.passed)
        row = outcomes.send(
            row, actor=office, sent_to="区委、区政府", document_no=story.number, copies_to="区委办、区政府办"
        )
    for place, (leader, text, for_unit) in enumerate(story.notes):
        with on_day(_at(today, story.sent - 3 - place)):
            outcomes.note(row, actor=office, leader=leader, text=text, for_unit=for_unit)
    if story.given is not None:
        _give(row, story, today, office)
    for kind, name, number, days in story.made:
        with on_day(_at(today, days)):
            conversions.convert(row, actor=office, kind=kind, name=name, number=number)
    if story.closed is not None:
        with on_day(_at(today, story.closed)):
            outcomes.close(row, actor=office, feedback=FEEDBACK)
    if story.looked:
        days, percent, text = story.looked
        with on_day(_at(today, days)):
            conversions.look_back(row, actor=office, text=text, percent=percent)
    if story.look_in:
        conversions.plan_follow_up(row, actor=office, due_on=today + timedelta(story.look_in))


FEEDBACK = (
    "您参加的月河流域水环境治理协商，建议案报送后区委、区政府主要领导都作了批示。四条建议采纳三条："
    "出台村级河道管护办法，23个村污水处理项目立项，管护员补助列入预算。中游观测点因在保护区核心区没有采纳。"
)


def _give(row: Outcome, story: Story, today: date, office: User) -> None:
    units = list(HandlingUnit.objects.filter(name__in=(UNIT, UNIT2)).order_by("pk"))
    with on_day(_at(today, story.given or 0)):
        outcomes.assign(row, units, actor=office, request="请逐条答复，采纳的写明完成时间。")
    for uptake in Uptake.objects.filter(outcome=row).select_related("unit", "outcome"):
        if uptake.unit.name in story.answers:
            days, said = story.answers[uptake.unit.name]
            with on_day(_at(today, days)):
                _answer(uptake, said)


def _answer(uptake: Uptake, said: Sequence[tuple[str, str]]) -> None:
    operator = User.objects.filter(role_grants__role=Role.UNIT_OPERATOR, role_grants__unit=uptake.unit_id).first()
    if operator is None:
        return
    asks = uptake.outcome.suggestions.order_by("order")
    answers = {ask.pk: Said(result, text) for ask, (result, text) in zip(asks, said, strict=True)}
    uptakes.answer(uptake, actor=operator, said=answers, contact_name=operator.name, contact_phone="0915-0000118")


def _send_digest(row: Outcome, today: date, office: User) -> None:
    """The digest of the closed deliberation goes up with what nearly all agreed on."""
    found = DeliberationSummary.objects.filter(deliberation__consultation=row.consultation_id).first()
    texts = dict(Opinion.objects.filter(deliberation__consultation=row.consultation_id).values_list("pk", "text"))
    asks = [texts[pk] for pk in found.result["agree"] if pk in texts] if found else []
    sent = max(row.consultation.on, _at(today, 17))
    with on_day(sent):
        row = outcomes.change(row, actor=office, suggestions=asks)
        row = outcomes.send(row, actor=office, sent_to="区委、区政府", copies_to="区住建局、区城管局")
        units = HandlingUnit.objects.filter(name=UNIT)
        outcomes.assign(row, units, actor=office, request="请对普遍认同的几条逐条回应。")
