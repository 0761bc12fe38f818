"""The columns of the register of proposals (提案登记), as the committee's own spreadsheets write them."""

from __future__ import annotations

import re

from core.papers.cells import case_no as read_case_no
from core.papers.sheets import Column
from core.papers.words import Unreadable
from members.models import Body
from proposals.models import Proposal

Kind = Proposal.Kind
KINDS = {
    "委员": Kind.INDIVIDUAL, "委员个人": Kind.INDIVIDUAL, "个人": Kind.INDIVIDUAL, "个人提案": Kind.INDIVIDUAL,
    "联名": Kind.JOINT, "委员联名": Kind.JOINT, "联名提案": Kind.JOINT,
    "党派": Kind.PARTY, "民主党派": Kind.PARTY, "党派提案": Kind.PARTY, "党派团体": Kind.PARTY,
    "人民团体": Kind.ORGANIZATION, "团体": Kind.ORGANIZATION, "团体提案": Kind.ORGANIZATION,
    "专委会": Kind.COMMITTEE, "专门委员会": Kind.COMMITTEE, "专委会提案": Kind.COMMITTEE,
    "界别": Kind.SECTOR, "界别提案": Kind.SECTOR,
    "小组": Kind.GROUP, "委员小组": Kind.GROUP, "联组": Kind.GROUP,
    "工作室": Kind.STUDIO, "委员工作室": Kind.STUDIO, "工作室提案": Kind.STUDIO,
}  # fmt: skip
BODY_KINDS: dict[str, str] = {
    Kind.PARTY: Body.Kind.PARTY, Kind.ORGANIZATION: Body.Kind.ORGANIZATION, Kind.COMMITTEE: Body.Kind.COMMITTEE,
    Kind.SECTOR: Body.Kind.SECTOR, Kind.GROUP: Body.Kind.GROUP, Kind.STUDIO: Body.Kind.STUDIO,
}  # fmt: skip
RATINGS = {
    "满意": "satisfied", "很满意": "satisfied", "非常满意": "satisfied", "基本满意": "basically", "较满意": "basically",
    "比较满意": "basically", "不满意": "unsatisfied", "未反馈": "no_response", "未评价": "no_response",
}  # fmt: skip
CLASSES = {form: letter for letter in "ABCD" for form in (letter, f"{letter}类", f"{letter}级")}
NEAR = (1, 1)
"""Dates of a year's register lie within a year of it."""

COLUMNS = (
    Column("serial", ("序号", "编号", "流水号")),
    Column("number", ("案号", "提案编号", "提案号", "立案号", "立案编号", "提案案号", "案件编号"), "case_no", on_bad="error"),
    Column("title", ("案由", "提案案由", "提案名称", "提案题目", "提案标题", "题目", "标题", "提案", "建议标题"), required=True),
    Column("proposer", ("提案人", "提案者", "第一提案人", "第一提案者", "领衔提案人", "提案人姓名", "提案者姓名", "领衔委员", "提案委员", "第一提案委员", "提案单位"), required=True),
    Column("kind", ("提案人类别", "提案者类别", "提案人类型", "提案者类型", "提案形式"), "choice", choices=KINDS),
    Column("sector", ("界别", "所属界别")),
    Column("cosigners", ("附议人", "联名人", "附议委员", "联名委员", "联名提案人", "其他提案人", "附议者", "联名者", "共同提案人", "附议提案人"), "names"),
    Column("phone", ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "联系手机"), "phone"),
    Column("submitted_on", ("提交日期", "提交时间", "提案日期", "收到日期", "收案日期", "收件日期", "登记日期"), "date", required=True, span=NEAR),
    Column("category", ("类别", "提案类别", "提案分类", "分类")),
    Column("content", ("提案内容", "内容", "提案正文", "正文"), "long_text"),
    Column("review", ("审查意见", "审查结果", "审查情况", "审查结论", "立案情况", "立案审查", "审查", "是否立案", "立案与否", "立案")),
    Column("is_key", ("是否重点", "重点提案", "是否重点提案", "重点"), "yes_no"),
    Column("key_leader", ("领衔督办", "领衔督办领导", "领衔领导", "督办领导")),
    Column("supervision_batch", ("督办批次", "联合督办批次", "批次")),
    Column("lead_units", ("主办单位", "主办", "承办单位主办", "主办部门", "牵头单位", "承办单位", "承办部门", "承办", "主办单位名称", "单位", "单位名称"), "items"),
    Column("support_units", ("会办单位", "协办单位", "会办", "协办", "会办部门", "协办部门", "配合单位", "承办单位会办", "承办单位协办"), "items"),
    Column("assigned_on", ("交办日期", "交办时间"), "date", on_bad="error", span=NEAR),
    Column("signed_on", ("签收日期", "签收时间"), "date", span=NEAR),
    Column("replied_on", ("答复日期", "答复时间", "办复日期", "办复时间"), "date", on_bad="error", span=NEAR),
    Column("document_no", ("答复文号", "文号", "发文字号", "答复函文号")),
    Column("result_class", ("答复类别", "办理结果分类", "答复分类", "结果分类", "答复类型", "办理结果类别", "结果类别", "办理类别"), "choice", on_bad="error", choices=CLASSES),
    Column("promised_on", ("承诺完成时间", "承诺完成日期", "承诺时限", "承诺时间", "计划完成时间"), "deadline", span=(1, 10)),
    Column("attitude", ("办理态度", "对办理态度", "态度评价", "办理态度评价", "对办理态度评价", "办理意见态度", "评价态度", "满意度态度"), "choice", choices=RATINGS),
    Column("rating", ("办理结果", "对办理结果", "结果评价", "办理结果评价", "对办理结果评价", "办理意见结果", "评价结果", "满意度结果", "满意度", "满意程度", "满意情况", "是否满意"), "choice", on_bad="error", choices=RATINGS),
    Column("may_publish", ("是否公开", "公开", "可否公开", "是否同意公开"), "yes_no"),
    Column("note", ("备注", "说明")),
)  # fmt: skip

_MERGED = re.compile(r"(?:并入|并案|合并|并至|并到|与)\D{0,8}(第?[\d一二三四五六七八九十百〇零]+号)")
_DISPOSITIONS = (
    (re.compile(r"社情民意"), "to_opinion"),
    (re.compile(r"转报?上级|转.{0,3}市政协|上报市"), "to_upper"),
    (re.compile(r"参考|转为意见|作为?意见|委员来信|转送"), "to_reference"),
)


def decision(words: str, note: str) -> tuple[str, str, int | None]:
    """What the review 审查 decided: (filed | not_filed | returned | withdrawn | merged, disposition, main case).

    An empty cell gives an empty decision. Raises Unreadable.
    """
    said = re.sub(r"[\s（）()。]", "", words)
    if m := _MERGED.search(said):
        return "merged", "", read_case_no(m[1]).value
    about = next((code for pattern, code in _DISPOSITIONS if pattern.search(said)), "")
    by_note = next((code for pattern, code in _DISPOSITIONS if pattern.search(note)), "")
    for pattern, outcome, disposition in (
        (r"^$", "", ""),
        (r"撤", "withdrawn", ""),
        (r"退回|修改后", "returned", ""),
        (r"不.*(?:立案|受理)", "not_filed", about or by_note),
        (r"^(?:经?审查[:：，,]?)?(?:准予|同意|予以|建议|已|应予|可)?立案(?:办理|交办|登记)?$", "filed", ""),
    ):
        if re.search(pattern, said):
            return outcome, disposition, None
    if about:
        return "not_filed", about, None
    raise Unreadable("看不出审查意见，请写“立案”“不予立案”“转为社情民意”“退回修改”“撤案”或“并入第12号”。")
