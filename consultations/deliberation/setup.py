"""Registers what online deliberation 网络议政 adds to the app."""

from consultations.deliberation import demo as deliberation_demo
from consultations.deliberation import follow as deliberation_follow
from members.demo import parts as demo_parts


def register() -> None:
    """Menu, todos, the ledger, the demo world; tables, values, rights and the job register themselves on import."""
    deliberation_follow.register()
    demo_parts.add("deliberations", deliberation_demo.seed)
