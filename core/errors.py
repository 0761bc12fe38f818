"""Refusals: what a person is told when an act is not possible."""


class Refusal(Exception):
    """An act refused, in one Chinese sentence fit for the person who tried it.

    ``field`` names the form field that the sentence belongs to, if any.
    """

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field
