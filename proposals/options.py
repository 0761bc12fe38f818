"""Terms and limits of proposals 提案期限和限额 that staff may change (domain rules §1.1–1.6)."""

from typing import Any

from core.options import declare

DAYS: dict[str, Any] = {"type": "int", "minimum": 1, "maximum": 250, "group": "提案期限"}
MONTHS: dict[str, Any] = {"type": "int", "minimum": 1, "maximum": 24, "group": "提案期限"}
LIMITS = "提案限额"
RULES = "提案办法"

declare("proposals.assign_days", default=10, label="平时提案立案后几个工作日内交办", **DAYS)
declare("proposals.handover_months", default=1, label="大会提案闭幕后几个月内交办", **MONTHS)
declare("proposals.receipt_days", default=3, label="签收（工作日）", **DAYS)
declare("proposals.transfer_days", default=5, label="申请改办（工作日）", **DAYS)
declare("proposals.transfer_decision_days", default=5, label="改办申请的答复（工作日）", **DAYS)
declare("proposals.extension_decision_days", default=5, label="延期申请的答复（工作日）", **DAYS)
declare("proposals.contact_days", default=15, label="首次面商（工作日）", **DAYS)
declare("proposals.opinion_months", default=1, label="会办意见（月）", **MONTHS)
declare("proposals.reply_months", default=3, label="答复（月）", **MONTHS)
declare(
    "proposals.reply_cut_off",
    type="str",
    default="",
    label="当年答复截止日",
    group="提案期限",
    help="如 6-30，与答复月数以先到者为准；留空表示不设。",
)
declare("proposals.extension_months", default=6, label="延期后办理总月数上限", **MONTHS)
declare("proposals.feedback_days", default=15, label="反馈（工作日）", **DAYS)
declare("proposals.rehandling_months", default=1, label="再办理答复（月）", **MONTHS)
declare("proposals.publish_days", default=20, label="答复后审看公开（工作日）", **DAYS)

declare(
    "proposals.text_limit",
    type="int",
    default=1500,
    label="正文字数提示线",
    group=LIMITS,
    help="超过只提示，不拦截。",
    minimum=100,
    maximum=20000,
)
declare(
    "proposals.max_suggested_units",
    type="int",
    default=5,
    label="建议承办单位最多几家",
    group=LIMITS,
    minimum=1,
    maximum=20,
)
declare(
    "proposals.min_contacts",
    type="int",
    default=1,
    label="答复前至少沟通几次",
    group=LIMITS,
    minimum=1,
    maximum=10,
)

declare(
    "proposals.joint_rating",
    type="choice",
    default="worst",
    label="多位提案者评价不一时",
    group=RULES,
    choices=[("worst", "以最低的评价为准"), ("first", "以第一提案者的评价为准")],
)
declare(
    "proposals.studios_propose",
    type="bool",
    default=True,
    label="委员工作室可以提出提案",
    group=RULES,
)
declare(
    "proposals.sectors_between_sessions",
    type="bool",
    default=False,
    label="界别、小组在闭会期间可以提出提案",
    group=RULES,
)
