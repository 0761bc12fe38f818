"""The three machines of opinion reports 社情民意信息: report, issue, forwarding (domain rules §2). Data only."""

from core.workflow import Process, Transition
from sentiment import guards
from sentiment.models import BulletinStatus as B
from sentiment.models import ForwardStatus as F
from sentiment.models import ReportStatus as S

P = "sentiment."
OUT = (S.ISSUED, S.FORWARDED, S.ANSWERED, S.CLOSED)
TEXT = ("title", "situation", "analysis", "suggestions", "category")

REPORT = Process(
    "sentiment.opinionreport",
    "社情民意信息",
    [
        Transition("submit", "报送", (S.DRAFT, S.RETURNED), S.SUBMITTED, P + "write", ("code", "submitted_on", "year"), guards.text_is_complete, (P + "submitted", P + "duty")),
        Transition("withdraw", "撤回", (S.SUBMITTED, S.RETURNED), S.WITHDRAWN, P + "write", (), None, (P + "duty", P + "matters"), needs_reason=True, confirm="撤回后编辑不再处理这一篇。"),
        Transition("accept", "收稿编辑", (S.SUBMITTED, S.KEPT), S.EDITING, P + "edit", ("editor",)),
        Transition("return", "退回修改", (S.SUBMITTED, S.EDITING), S.RETURNED, P + "edit", ("editor_note",), guards.has_author_to_ask, (P + "returned",), needs_reason=True),
        Transition("keep", "留存", (S.SUBMITTED, S.EDITING), S.KEPT, P + "edit", ("editor_note",), guards.not_composite, (P + "kept", P + "matters"), needs_reason=True),
        Transition("to_proposal", "转为提案", (S.SUBMITTED, S.EDITING, S.KEPT), S.TO_PROPOSAL, P + "edit", ("editor_note",), guards.has_author_to_ask, (P + "to_proposal", P + "matters"), needs_reason=True),
        Transition("combine", "编入综合", (S.SUBMITTED, S.EDITING, S.KEPT), S.COMBINED, P + "edit", ("combined_into",), guards.not_composite, (P + "combined",)),
        Transition("take_out", "退出综合", (S.COMBINED,), S.EDITING, P + "edit", ("combined_into", "editor"), guards.composite_is_open),
        Transition("edit_text", "修改文稿", (S.EDITING, S.EDITED), None, P + "edit_text", TEXT),
        Transition("finish_edit", "送核稿", (S.EDITING,), S.EDITED, P + "edit", ("editor", "editor_note"), guards.edited_text_is_complete, (P + "to_check",)),
        Transition("check", "核稿通过", (S.EDITED,), S.CHECKED, P + "check", ("checker",), guards.checker_is_another, (P + "to_sign",)),
        Transition("sign", "签发", (S.CHECKED,), S.SIGNED, P + "sign", ("signer",), guards.signer_is_another, (P + "signed",), confirm="签发后可以编入刊期，送区委、区政府和上级政协。"),
        Transition("send_back", "退回编辑", (S.EDITED, S.CHECKED, S.SIGNED), S.EDITING, P + "send_back", ("checker", "signer"), guards.not_in_issue, (P + "sent_back",), needs_reason=True),
        Transition("issue", "刊发", (S.SIGNED,), S.ISSUED, "", ("issued_on",), None, (P + "issued", P + "duty", P + "matters")),
        Transition("take_off", "撤出刊期", (S.ISSUED,), S.SIGNED, "", ("issued_on", "published_on"), None, (P + "duty",)),
        Transition("forward", "转办", (S.ISSUED, S.FORWARDED, S.ANSWERED), S.FORWARDED, P + "forward", ()),
        Transition("all_answered", "答复完毕", (S.FORWARDED,), S.ANSWERED, "", (), guards.nothing_waits, (P + "all_answered", P + "matters")),
        Transition("close", "办结", (S.ISSUED, S.ANSWERED), S.CLOSED, P + "edit", ("closed_on",), guards.nothing_waits, (P + "closed", P + "matters")),
        Transition("reply_sender", "答复来信人", (S.EDITING, S.KEPT, S.COMBINED, S.EDITED, S.CHECKED, S.SIGNED, *OUT), None, P + "edit", ("reply_to_sender", "replied_on"), guards.came_from_resident, confirm="来信人凭回执号就能看到这段答复。"),
        Transition("publish", "公开摘要", OUT, None, P + "publish", ("public_title", "public_abstract", "published_on"), guards.author_consents, confirm="公开后任何人都能在门户上看到标题和摘要；反映人姓名、批示不公开。"),
        Transition("unpublish", "撤下公开", OUT, None, P + "publish", ("published_on",), needs_reason=True),
    ],
)  # fmt: skip

BULLETIN = Process(
    "sentiment.bulletin",
    "刊期",
    [
        Transition("publish", "刊发", (B.DRAFT,), B.PUBLISHED, P + "issue", ("year", "issue_no", "total_no", "issued_on", "editor_name", "checker_name", "signer_name"), guards.issue_is_complete, (P + "bulletin_published",), confirm="刊发后编定期号，期号不能收回；撤回的刊期也保留期号。"),
        Transition("withdraw", "撤回刊期", (B.PUBLISHED,), B.WITHDRAWN, P + "issue", ("withdrawn_reason",), guards.issue_has_no_answer, needs_reason=True, confirm="撤回后期号保留，篇目回到待刊发。"),
    ],
)  # fmt: skip

FORWARD = Process(
    "sentiment.forward",
    "转办",
    [
        Transition("answer", "答复", (F.SENT,), F.ANSWERED, P + "answer", ("answer", "answered_on", "answered_by"), None, (P + "answered",), confirm="答复将送反映人和区政协，送出后不能修改。"),
        Transition("accept", "反馈满意", (F.ANSWERED,), F.ACCEPTED, P + "judge_answer", ("is_enough", "comment"), None, (P + "judged",)),
        Transition("ask_again", "请再办理", (F.ANSWERED,), F.ASKED_AGAIN, P + "judge_answer", ("is_enough", "comment"), None, (P + "judged",), needs_reason=True),
    ],
    root=lambda forward: forward.report,
)  # fmt: skip
