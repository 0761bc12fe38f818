"""Model fields of the common floor."""

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
