"""Model fields of the common floor, and how columns that held plain text become theirs."""

from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from core import secrets


class EncryptedCharField(models.CharField):
    """Short personal data, such as a telephone number, encrypted in the database (domain rules §8).

    ``max_length`` bounds the readable text; the column is text. Equal texts are stored differently,
    so a query may only ask whether it is empty; compare in Python, or keep a ``secrets.digest``.
    """

    def get_internal_type(self) -> str:
        """The column holds more than ``max_length`` characters."""
        return "TextField"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """The readable text."""
        return None if value is None else secrets.decrypt(value)

    def get_prep_value(self, value: Any) -> Any:
        """What is stored."""
        text = super().get_prep_value(value)
        return secrets.encrypt(text) if isinstance(text, str) else text

    def get_lookup(self, lookup_name: str) -> Any:
        """Only emptiness can be asked for."""
        if lookup_name not in ("isnull", "exact"):
            raise FieldError(f"{self.name} is encrypted: it cannot be searched with {lookup_name!r}")
        return super().get_lookup(lookup_name)


def encrypt_stored(model: type[models.Model], *names: str, batch: int = 500) -> int:
    """Encrypt what columns of ``model`` still hold as plain text; returns how many rows it rewrote.

    For migrations, after the columns became ``EncryptedCharField``; safe to repeat.
    """
    filled = models.Q()
    for name in names:
        filled |= ~models.Q(**{name: ""})
    rows, count, last = model._base_manager.filter(filled).order_by("pk").only("pk", *names), 0, 0
    while found := list(rows.filter(pk__gt=last)[:batch]):
        model._base_manager.bulk_update(found, names)
        count, last = count + len(found), found[-1].pk
    return count
