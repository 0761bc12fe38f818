"""What the pages of handling share with those of every app: see ``core.acting``."""

from core.acting import ask_first, attempt

__all__ = ["ask_first", "attempt"]
