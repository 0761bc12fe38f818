"""The link of this app in the menu 导航."""

from core import navigation


def register() -> None:
    """The list of host units and supervisors, for everyone."""
    navigation.register("民主监督", "民主监督员", "oversight:list", order=10)
