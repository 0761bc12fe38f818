"""Who runs the site (主办单位): the facts at the foot of every page, kept as options by staff.

What was read last is remembered by the process, for pages that must appear without a database.
"""

from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError

from core import options

GROUP = "网站"

options.declare("site.organiser", type="str", default="政协安康市汉滨区委员会办公室", label="主办单位", group=GROUP)
options.declare(
    "site.organiser_short", type="str", default="政协安康市汉滨区委员会", label="主办机关", group=GROUP,
    help="写在字标下面。",
)  # fmt: skip
options.declare("site.address", type="str", default="", label="地址", group=GROUP, help="空着就不显示。")
options.declare(
    "site.phone",
    type="str",
    default="",
    label="咨询电话",
    group=GROUP,
    help="登录、出错、门户页脚都用它；空着就不显示。",
)
options.declare("site.hours", type="str", default="", label="接听时间", group=GROUP)
options.declare("site.icp", type="str", default="", label="ICP备案号", group=GROUP)
options.declare("site.police", type="str", default="", label="公安备案号", group=GROUP)
options.declare("site.code", type="str", default="", label="网站标识码", group=GROUP)


@dataclass(frozen=True)
class Site:
    """The organiser and how to reach it; an empty fact is left off the page."""

    organiser: str
    organiser_short: str
    address: str
    phone: str
    hours: str
    icp: str
    police: str
    code: str


_remembered: dict[str, Site] = {}


def site() -> Site:
    """The facts as they stand now; no query beyond the one that all options share.

    While the database is away: as they were read last.
    """
    try:
        now = Site(**{name: options.value(f"site.{name}") for name in Site.__dataclass_fields__})
    except (DatabaseError, InterfaceError):
        return last_known()
    _remembered["last"] = now
    return now


def last_known() -> Site:
    """The facts without any query: as this process read them last, else as declared."""
    declared = {name: options.declared(f"site.{name}").default for name in Site.__dataclass_fields__}
    return _remembered.get("last") or Site(**declared)
