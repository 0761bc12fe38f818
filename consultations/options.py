"""Values of consultations 协商 that staff may change."""

from core import options

GROUP = "协商"

options.declare(
    "consultations.notice_days",
    type="int",
    default=15,
    label="会前发通知（工作日）",
    group=GROUP,
    minimum=1,
    maximum=60,
)
options.declare(
    "consultations.papers_days",
    type="int",
    default=10,
    label="会前交齐发言材料（工作日）",
    group=GROUP,
    minimum=1,
    maximum=60,
)
options.declare(
    "consultations.report_days",
    type="int",
    default=7,
    label="会后报送成果（工作日）",
    group=GROUP,
    minimum=1,
    maximum=60,
)
options.declare(
    "consultations.uptake_months",
    type="int",
    default=3,
    label="单位答复采纳情况（月）",
    group=GROUP,
    minimum=1,
    maximum=12,
)
