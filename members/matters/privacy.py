"""What may not stand in words that the public reads about a matter 公开的结果: names and telephone numbers."""

import re

from members.models import Matter, RoleGrant
from members.selectors import mask_phone

PHONE = re.compile(r"(?<!\d)(?:1\d{10}|(?:0\d{2,3}[-—－ ]?)?\d{7,8})(?!\d)")
"""A mobile number, or a landline with or without its area code."""

LEGAL = ("起诉", "上诉", "诉讼", "法院", "判决", "仲裁", "立案侦查", "信访", "上访", "行政复议", "复议")
"""Words of proceedings that a studio does not handle (domain rules §5)."""

HIDDEN = "结果已由工作室当面或电话告诉来访人。"


def mask_name(name: str) -> str:
    """«张**»: the first character of a visitor's name (domain rules §8)."""
    return f"{name[0]}**" if name else ""


def mask_numbers(text: str) -> str:
    """Free text with the telephone numbers in it masked, for what leaves the system in bulk."""
    return PHONE.sub(lambda found: mask_phone(found.group()), text)


def found_in(text: str, matter: Matter) -> list[str]:
    """What of a person stands in ``text``, in words that repeat nothing of it: 来访人的姓名, 电话号码 …"""
    found = []
    if _has(text, matter.visitor_name):
        found.append("来访人的姓名")
    numbers = "".join(char for char in matter.visitor_phone if char.isdigit())
    if PHONE.search(text) or (numbers and numbers in re.sub(r"\D", "", text)):
        found.append("电话号码")
    if matter.host and _has(text, matter.host.name):
        found.append("接待委员的姓名")
    if matter.unit_id and any(_has(text, name) for name in _unit_staff(matter.unit_id)):
        found.append("单位工作人员的姓名")
    return found


def public_result(matter: Matter) -> str:
    """The result as anyone may read it; where it still names somebody, a sentence that does not."""
    return HIDDEN if matter.result and found_in(matter.result, matter) else matter.result


def legal_words(text: str) -> list[str]:
    """Words in a visitor's matter that speak of a court, arbitration or petition under way."""
    return [word for word in LEGAL if word in text]


def _unit_staff(unit_id: int) -> list[str]:
    return list(RoleGrant.objects.filter(unit_id=unit_id).values_list("user__name", flat=True).distinct())


def _has(text: str, name: str) -> bool:
    """Names of one character prove nothing."""
    return len(name) > 1 and name in text
