"""The three machines of a proposal 提案: case, unit task, reply (domain rules §1.9). Data only."""

from core.workflow import Process, Transition
from proposals import guards
from proposals.models import ReplyStatus as R
from proposals.models import Status as S
from proposals.models import TaskStatus as T

P = "proposals."

CASE = Process(
    "proposals.proposal",
    "提案",
    [
        Transition("invite_cosigners", "邀请联名", (S.DRAFT, S.RETURNED), S.COSIGNING, P + "submit", ("cosign_until",), guards.has_cosigners, (P + "cosign_invited",)),
        Transition("submit", "提交提案", (S.DRAFT, S.COSIGNING, S.RETURNED), S.SUBMITTED, P + "submit", ("intake_no", "submitted_on", "in_session", "year"), guards.text_is_complete, (P + "submitted", P + "duty"), confirm="提交后由提案委审查，退回以前不能再改。"),
        Transition("accept", "接收审查", (S.SUBMITTED,), S.REVIEWING, P + "review"),
        Transition("recommend", "提出初审意见", (S.REVIEWING,), None, P + "review", ("first_reviewer", "first_opinion", "first_note", "category", "ground", "disposition", "merged_into"), guards.not_yet_reviewed),
        Transition("file", "准予立案", (S.REVIEWING,), S.FILED, P + "review", ("number", "filed_on", "category", "second_reviewer", "decision_note", "ground", "disposition", "merged_into"), guards.other_reviewer, (P + "filed", P + "duty", P + "matters"), confirm="立案后编定案号，案号不能收回。"),
        Transition("merge", "并案", (S.REVIEWING,), S.MERGED, P + "review", ("merged_into", "second_reviewer", "decision_note", "ground", "disposition"), guards.other_reviewer, (P + "merged", P + "duty", P + "matters"), confirm="并入主案后合并办理，所有提案者都收到答复并反馈。"),
        Transition("refuse", "不立案", (S.REVIEWING,), S.NOT_FILED, P + "review", ("ground", "disposition", "second_reviewer", "decision_note", "merged_into"), guards.other_reviewer, (P + "not_filed", P + "matters"), confirm="不立案会通知提案者，并附处理去向。"),
        Transition("return", "退回修改", (S.SUBMITTED, S.REVIEWING), S.RETURNED, P + "review", ("first_reviewer", "first_opinion", "first_note", "decision_note", "ground", "disposition", "merged_into"), None, (P + "returned",), needs_reason=True),
        Transition("disagree", "不同意初审意见", (S.REVIEWING,), None, P + "review", ("first_reviewer", "first_opinion", "first_note", "ground", "disposition", "merged_into"), guards.other_reviewer, needs_reason=True),
        Transition("withdraw", "撤案", (S.SUBMITTED, S.REVIEWING, S.RETURNED, S.FILED), S.WITHDRAWN, P + "withdraw", (), None, (P + "withdrawn", P + "duty", P + "matters"), needs_reason=True, confirm="撤案后这件提案不再办理。"),
        Transition("withdraw_assigned", "同意撤案", (S.ASSIGNED, S.HANDLING), S.WITHDRAWN, P + "approve_withdrawal", (), None, (P + "withdrawn", P + "duty", P + "matters"), needs_reason=True, confirm="承办单位将停止办理。"),
        Transition("assign", "交办", (S.FILED,), S.ASSIGNED, P + "assign", ("handling_mode", "handover", "lead_unit", "assigned_on"), None, (P + "assigned",)),
        Transition("start_handling", "开始办理", (S.ASSIGNED,), S.HANDLING, "", (), guards.all_signed),
        Transition("reassign_units", "调整承办单位", (S.ASSIGNED, S.HANDLING), None, P + "assign", ("handling_mode", "lead_unit")),
        Transition("mark_replied", "答复完毕", (S.HANDLING, S.REHANDLING), S.REPLIED, "", ("replied_on", "result_class"), guards.all_replied, (P + "replied", P + "matters")),
        Transition("rehandle", "再办理", (S.REPLIED,), S.REHANDLING, "", ("round", "rating", "attitude"), None, (P + "rehandling",)),
        Transition("close", "办结", (S.REPLIED,), S.CLOSED, "", ("closed_on", "rating", "attitude"), guards.nothing_open, (P + "closed",)),
        Transition("follow_up", "转入跟踪", (S.CLOSED,), S.FOLLOW_UP, "", (), None, (P + "followed_up",)),
        Transition("end_follow_up", "结束跟踪", (S.FOLLOW_UP,), S.CLOSED, P + "archive", ("result_class",), needs_reason=True),
        Transition("archive", "归档", (S.CLOSED,), S.ARCHIVED, P + "archive", (), guards.nothing_open, confirm="归档后不再改动。"),
        Transition("mark_key", "列为重点提案", (S.FILED, S.ASSIGNED, S.HANDLING, S.REPLIED, S.REHANDLING), None, P + "mark_key", ("is_key", "key_leader", "supervision_batch"), None, (P + "duty",)),
        Transition("mark_excellent", "评为优秀提案", (S.REPLIED, S.CLOSED, S.FOLLOW_UP, S.ARCHIVED), None, P + "mark_excellent", ("excellent_on", "excellent_times"), guards.not_yet_excellent, (P + "duty",)),
        Transition("revoke_excellent", "撤销优秀提案", (S.REPLIED, S.CLOSED, S.FOLLOW_UP, S.ARCHIVED), None, P + "mark_excellent", ("excellent_on",), guards.is_excellent, (P + "duty",), needs_reason=True, confirm="提案者档案里的这一条会冲销，积分随着减去。"),
        Transition("edit_wording", "修改文字", (S.SUBMITTED, S.REVIEWING, S.FILED), None, P + "edit_wording", ("title", "situation", "analysis", "category"), None, (P + "wording_changed",), needs_reason=True),
        Transition("publish", "公开", (S.REPLIED, S.CLOSED, S.FOLLOW_UP, S.ARCHIVED), None, P + "publish", ("published_on", "withheld_on", "withheld_reason"), confirm="公开后任何人都能在门户上看到全文和答复。"),
        Transition("withhold", "不公开", (S.REPLIED, S.CLOSED, S.FOLLOW_UP, S.ARCHIVED), None, P + "publish", ("withheld_on", "withheld_reason"), guards.publication_is_open, needs_reason=True),
    ],
)  # fmt: skip

TASK = Process(
    "proposals.unittask",
    "承办任务",
    [
        Transition("sign", "签收", (T.PENDING, T.UPHELD), T.SIGNED, P + "work_task", ("signed_on",)),
        Transition("start", "开始办理", (T.SIGNED,), T.WORKING, P + "work_task"),
        Transition("request_transfer", "申请改办", (T.PENDING, T.SIGNED), T.TRANSFER_REQUESTED, P + "work_task", ("transfer_reason", "transfer_to", "transfer_asked_on"), None, (P + "transfer_requested",), needs_reason=True),
        Transition("reassign", "同意改办", (T.TRANSFER_REQUESTED,), T.REASSIGNED, P + "decide_task", (), None, (P + "transfer_decided",)),
        Transition("uphold", "维持交办", (T.TRANSFER_REQUESTED,), T.UPHELD, P + "decide_task", (), None, (P + "transfer_decided",), needs_reason=True),
        Transition("request_extension", "申请延期", (T.SIGNED, T.WORKING), T.EXTENSION_REQUESTED, P + "work_task", ("extension_reason", "extension_until"), guards.replies_itself, (P + "extension_requested",), needs_reason=True),
        Transition("grant_extension", "同意延期", (T.EXTENSION_REQUESTED,), T.WORKING, P + "approve_extension", ("extension_count",), None, (P + "extension_decided",)),
        Transition("deny_extension", "不同意延期", (T.EXTENSION_REQUESTED,), T.WORKING, P + "approve_extension", (), None, (P + "extension_decided",), needs_reason=True),
        Transition("give_opinion", "提交会办意见", (T.SIGNED, T.WORKING), T.DONE, P + "work_task", ("opinion", "opinion_on", "done_on"), guards.is_support, (P + "opinion_given",)),
        Transition("submit", "报送", (T.WORKING, T.SIGNED), T.SUBMITTED, "", ()),
        Transition("send_back", "退回重办", (T.SUBMITTED, T.DONE), T.WORKING, "", ("done_on",)),
        Transition("finish", "办理完成", (T.SUBMITTED,), T.DONE, "", ("done_on",)),
    ],
    root=lambda task: task.proposal,
    guard=guards.case_in_hand,
)  # fmt: skip

REPLY = Process(
    "proposals.reply",
    "答复函",
    [
        Transition("send_cosign", "送会签", (R.DRAFT,), R.COSIGN, P + "write_reply", (), guards.needs_cosign, (P + "cosign_asked",)),
        Transition("object", "会签有意见", (R.COSIGN,), R.DRAFT, "", ("sent_back_reason",), None, (P + "reply_sent_back",)),
        Transition("recall", "撤回修改", (R.COSIGN,), R.DRAFT, P + "write_reply"),
        Transition("approve", "签发", (R.DRAFT, R.COSIGN), R.UNIT_APPROVED, P + "sign_reply", ("signed_by",), guards.may_be_signed, (P + "reply_signed",), confirm="签发表示本单位对答复负责。"),
        Transition("leader_return", "退回修改", (R.DRAFT, R.COSIGN, R.UNIT_APPROVED), R.DRAFT, P + "sign_reply", ("sent_back_reason", "signed_by"), None, (P + "reply_sent_back",), needs_reason=True),
        Transition("send_to_office", "报督查室审核", (R.UNIT_APPROVED,), R.OFFICE_REVIEW, P + "write_reply", ("document_no",), guards.has_document_no, (P + "reply_at_office",)),
        Transition("office_return", "退回单位", (R.OFFICE_REVIEW,), R.DRAFT, P + "check_reply", ("sent_back_reason", "signed_by"), None, (P + "reply_sent_back",), needs_reason=True),
        Transition("issue", "审核通过，送达委员", (R.OFFICE_REVIEW,), R.ISSUED, P + "check_reply", ("issued_on", "result_class"), guards.has_document_no, (P + "reply_issued",), confirm="答复将送达全部提案者，送达后不能撤回。"),
    ],
    root=lambda reply: reply.task.proposal,
    guard=guards.reply_in_hand,
)  # fmt: skip
