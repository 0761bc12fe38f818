"""What follows a move: a message to everyone concerned, naming what happened and the one next act.

Handlers run at least once; the key of a message is the log entry of the move, so a repeat writes
nothing. A record that is gone by then needs no message. Importing this package registers them all.
"""

from proposals.effects import duties, handling, outcome, replies, review, sources

__all__ = ["duties", "handling", "outcome", "replies", "review", "sources"]
