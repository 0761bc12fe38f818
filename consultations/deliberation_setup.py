"""Registers what online deliberation 网络议政 adds to the app."""

from consultations import (
    deliberation_demo,
    deliberation_follow,
    deliberation_jobs,  # noqa: F401
    deliberation_options,  # noqa: F401
    deliberation_rules,  # noqa: F401
    deliberation_workflow,  # noqa: F401
)
from members import demo_parts


def register() -> None:
    """Menu, todos, the ledger, the demo world; tables, values, rights and the job register themselves on import."""
    deliberation_follow.register()
    demo_parts.add("deliberations", deliberation_demo.seed)
