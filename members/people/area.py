"""Puts the roll of members, party building and terms into the menu, and tells core what waits and who sees photographs."""

from core import navigation
from members.people import photos
from members.people import todos as people_todos

SECTION = "委员与工作室"


def register() -> None:
    """Links, todos and the reader of photographs."""
    photos.register()
    people_todos.register()
    navigation.register(
        SECTION, "更正申请", "members:corrections", order=12, badge=people_todos.count,
        show=lambda user: user.has_perm("members.manage_people"),
    )  # fmt: skip
    navigation.register(
        SECTION, "两个全覆盖", "members:party", order=14, show=lambda user: user.has_perm("members.see_party")
    )
    navigation.register(
        SECTION, "届次管理", "members:terms", order=16, show=lambda user: user.has_perm("members.manage_terms")
    )
