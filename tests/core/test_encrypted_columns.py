"""Telephone numbers are unreadable in the database: every such column, also what was stored before."""

import pytest
from django.apps import apps
from django.db import connection, models

from core import secrets
from core.fields import EncryptedCharField, encrypt_stored
from members.models import Member, User
from proposals.models import Proposer, Reply
from tests import factories as make

PUBLIC = {"members.studio.phone", "members.handlingunit.phone"}
"""Numbers of offices, made known to everybody."""


def stored(model: type[models.Model], column: str) -> list[str]:
    """What the database itself holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table} WHERE {column} <> ''")
        return [row[0] for row in cursor.fetchall()]


def test_every_column_of_a_telephone_is_encrypted_or_known_to_be_public():
    found = {
        f"{field.model._meta.label_lower}.{field.name}": field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if "phone" in field.name and not field.name.endswith("_digest")
    }
    assert set(found) >= PUBLIC
    plain = {name for name, field in found.items() if not isinstance(field, EncryptedCharField)}
    assert plain == PUBLIC


@pytest.mark.django_db
def test_numbers_are_stored_unreadable_and_read_as_they_were():
    member = make.MemberFactory(phone="13800001234")
    user = make.UserFactory(phone="13900001234")
    proposer = make.ProposerFactory(contact_phone="13700001234")
    reply = make.ReplyFactory(contact_phone="0915-0001234")
    for row, column in ((member, "phone"), (user, "phone"), (proposer, "contact_phone"), (reply, "contact_phone")):
        texts = stored(type(row), column)
        assert texts
        assert all(text.startswith(secrets.MARK) for text in texts)
        assert getattr(type(row).objects.get(pk=row.pk), column) == getattr(row, column)


@pytest.mark.django_db
def test_numbers_written_in_bulk_are_encrypted_too():
    rows = [make.ProposerFactory() for _ in range(2)]
    for row in rows:
        row.contact_phone = "13700001234"
    Proposer.objects.bulk_update(rows, ["contact_phone"])
    Reply.objects.bulk_create([Reply(task=make.UnitTaskFactory(), contact_phone="0915-0001234")])
    assert all(
        text.startswith(secrets.MARK) for text in stored(Proposer, "contact_phone") + stored(Reply, "contact_phone")
    )


@pytest.mark.django_db
def test_what_was_stored_as_plain_text_is_rewritten_once():
    rows = [make.MemberFactory(phone="") for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE members_member SET phone = %s WHERE id IN (%s, %s)", ["13800001234", rows[0].pk, rows[1].pk]
        )
    assert encrypt_stored(Member, "phone", batch=1) == 2
    assert all(text.startswith(secrets.MARK) for text in stored(Member, "phone"))
    assert [Member.objects.get(pk=row.pk).phone for row in rows] == ["13800001234", "13800001234", ""]


@pytest.mark.django_db
def test_emptiness_can_still_be_asked_for():
    make.UserFactory(phone="")
    with_phone = make.UserFactory(phone="13900001234")
    assert User.objects.exclude(phone="").get() == with_phone
