"""The areas of the operation log 操作记录 in words, so that nobody need know the codes of acts."""

AREAS: dict[str, tuple[str, ...]] = {
    "账号与权限": ("account", "role", "calendar"),
    "提案": ("proposal", "proposals", "unittask", "reply", "feedback", "promise", "handover"),
    "社情民意": ("opinionreport", "sentiment", "bulletin", "forward", "voice"),
    "协商": ("consultation", "consultations", "annualplan", "topicsuggestion", "outcome", "uptake"),
    "委员": ("member", "correction", "session", "term", "party"),
    "工作室与接待": ("studio", "studio_record", "reception_day", "booking"),
    "民情事项": ("matter", "matters"),
    "履职活动": ("activity", "activities", "researchtopic"),
    "履职积分": ("scores", "scoreappeal", "dutyreport"),
    "民主监督": ("supervisor", "supervisors", "hostunit"),
    "单位与设置": ("unit", "option", "papers", "audit", "attachment"),
}
"""What stands before the dot of an act's code, by area."""

OTHER = "其他"
_AREA_OF = {kind: area for area, kinds in AREAS.items() for kind in kinds}


def area_of(verb: str) -> str:
    """The area of an act's code such as ``proposal.file``."""
    return _AREA_OF.get(verb.partition(".")[0], OTHER)


def choices() -> list[tuple[str, str]]:
    """For a filter: every area, and all of them."""
    return [("", "全部"), *((area, area) for area in AREAS)]
