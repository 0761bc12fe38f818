"""Registers what online deliberation 网络议政 adds to the app."""

from consultations.deliberation import (
    demo,
    follow,
    jobs,  # noqa: F401
    options,  # noqa: F401
    rules,  # noqa: F401
    workflow,  # noqa: F401
)
from members.demo import parts as demo_parts


def register() -> None:
    """Menu, todos, the ledger, the demo world; tables, values, rights and the job register themselves on import."""
    follow.register()
    demo_parts.add("deliberations", demo.seed)
