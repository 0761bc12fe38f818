"""How the state of a matter 民情事项 looks: a word, a shape and a colour."""

from django import template
from django.utils.safestring import SafeString

from core.state_badge import badge
from members.models import Matter, MatterStatus

register = template.Library()

LOOKS = {
    MatterStatus.RECORDED: "soon",
    MatterStatus.TRIAGED: "info",
    MatterStatus.IN_PROGRESS: "info",
    MatterStatus.ANSWERED: "soon",
    MatterStatus.INFORMED: "done",
    MatterStatus.CLOSED: "done",
}


@register.simple_tag
def matter_state(matter: Matter) -> SafeString:
    """The state as a badge."""
    return badge(matter.get_status_display(), LOOKS[matter.status])
