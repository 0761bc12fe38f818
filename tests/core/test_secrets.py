"""Encryption of personal data at rest 静态加密."""

import pytest
from django.core.exceptions import FieldError
from django.db import models

from core import secrets
from core.fields import EncryptedCharField


def test_text_comes_back_and_is_stored_unreadable():
    stored = secrets.encrypt("13800001234")
    assert stored.startswith(secrets.MARK)
    assert "1380000" not in stored
    assert secrets.decrypt(stored) == "13800001234"
    assert secrets.encrypt("13800001234") != stored, "equal numbers must not look equal in the database"


def test_empty_and_older_plain_texts_are_read_as_they_are():
    assert secrets.encrypt("") == ""
    assert secrets.decrypt("0915-0000000") == "0915-0000000"
    once = secrets.encrypt("0915")
    assert secrets.encrypt(once) == once


def test_changed_key_still_reads_what_the_old_one_wrote(settings):
    settings.DATA_KEYS = ["old"]
    stored = secrets.encrypt("13800001234")
    settings.DATA_KEYS = ["new", "old"]
    assert secrets.decrypt(stored) == "13800001234"
    settings.DATA_KEYS = ["new"]
    assert secrets.decrypt(stored) == ""


def test_digest_is_the_same_for_equal_values_and_differs_by_purpose():
    assert secrets.digest("13800001234", "booking") == secrets.digest("13800001234", "booking")
    assert secrets.digest("13800001234", "booking") != secrets.digest("13800001234", "login")


def test_field_refuses_a_search_that_could_never_find():
    phone = EncryptedCharField(max_length=20)
    phone.name = "phone"
    with pytest.raises(FieldError):
        phone.get_lookup("icontains")
    assert issubclass(EncryptedCharField, models.CharField)
