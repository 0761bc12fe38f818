"""Makes matters 民情事项 known to the common floor: deadlines, waiting work, tracking, handover, the duty ledger."""

from core import handover, todos
from members.duty import acts as duty_acts
from members.matters import reminding as matter_reminding
from members.matters import todos as matter_todos
from members.matters import tracking as matter_tracking
from members.models import Matter, MatterStatus

OFFERED = (MatterStatus.RECORDED, MatterStatus.TRIAGED)


def register() -> None:
    """Called once when the app is ready; loads the machine of matters besides."""
    import members.matters.rules
    import members.matters.workflow  # noqa: F401 (both register themselves)
    from members.services import matter_duty

    matter_reminding.register()
    matter_tracking.register()
    todos.provide(matter_todos.todos)
    handover.offer("members.matter", give)
    handover.name_with("members.matter", name)
    handover.follow("members.matter", follow)
    duty_acts.declare(matter_duty.RECEIVED, "接待群众、登记民情事项")
    duty_acts.declare(matter_duty.SOLVED, "民情事项办结")
    duty_acts.declare(matter_duty.CONVERTED, "民情事项转为提案、社情民意", target="studio")
    duty_acts.link_with("members.matter", duty_acts.model_link(Matter))
    duty_acts.sweep_with(matter_duty.acts)


def give(user, matter: Matter) -> handover.Data | None:
    """What a matter gives to the draft that it becomes, to those who handle it and before it went on."""
    if matter.status not in OFFERED or not user.has_perm("members.handle_matter", matter):
        return None
    words, url = name(matter)
    where = f"{matter.village}{matter.category}" if matter.category else matter.village
    title = f"关于解决{where}问题的建议" if where else ""
    return handover.Data(words, url, {"title": title, "situation": matter.text})


def name(matter: Matter) -> tuple[str, str]:
    """A matter in words on the page of what it became; nothing of the visitor."""
    day = matter.received_on
    words = f"{day.year}年{day.month}月{day.day}日接待的民情事项"
    return (f"{words}（{matter.category}）" if matter.category else words), matter.get_absolute_url()


def follow(matter: Matter, target) -> None:
    """The matter went on as ``target``: it is in progress from now."""
    from members.matters import onward as matter_onward
    from members.services import matters

    matters.handed_over(matter, route=matter_onward.route_of(target), summary="办理中，跟着转出的走")
