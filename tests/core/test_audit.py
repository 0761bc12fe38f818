"""The operation log: appended in a chain, verified entry by entry, closed to changes."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from core import audit
from core.models import AuditEntry, AuditHead
from tests import factories as make


def write(count: int) -> None:
    """Append so many entries."""
    audit.record_many(
        audit.Event("test.act", f"第{number}件事", detail={"n": number}) for number in range(1, count + 1)
    )


@pytest.fixture
def forge(db):
    """Change the table behind the back of the log, as an intruder with the database could."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER USER")
    return AuditEntry.objects  # the trigger is back when the test's transaction is undone


def kinds(root: str | None = None) -> set[str]:
    """What kinds of fault the log shows."""
    return {fault.kind for fault in audit.verify(root)}


def test_entries_are_numbered_and_chained(db):
    write(3)
    rows = list(AuditEntry.objects.order_by("seq"))
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.prev_hash for row in rows] == ["", rows[0].hash, rows[1].hash]
    assert AuditHead.objects.get().count == 3
    assert audit.root_hash() == rows[-1].hash
    assert audit.verify() == []


def test_entry_names_actor_subject_day_and_differences(db):
    person = make.UserFactory(name="张立")
    entry = audit.record(
        verb="test.act",
        summary="办了",
        actor=person,
        subject=person,
        detail={"changes": {"due": [date(2026, 1, 5), None]}},
        occurred_on=date(2026, 1, 4),
    )
    entry.refresh_from_db()
    assert (entry.actor_name, entry.subject_type, entry.root_id) == ("张立", "members.user", person.pk)
    assert entry.detail == {"changes": {"due": ["2026-01-05", None]}}
    assert audit.verify() == []


def test_timeline_shows_a_case_and_no_other(db):
    one, two = make.UserFactory(), make.UserFactory()
    for person in (one, two, one):
        audit.record(verb="test.act", summary="办了", subject=person, root=person)
    assert [row.seq for row in audit.timeline(one)] == [1, 3]


def test_altered_entry_is_named(forge):
    write(5)
    forge.filter(seq=3).update(summary="别的事")
    assert [(fault.seq, fault.kind) for fault in audit.verify()] == [(3, "altered")]


def test_altered_day_is_named(forge):
    write(2)
    forge.filter(seq=1).update(at=AuditEntry.objects.get(seq=1).at - timedelta(days=1))
    assert [(fault.seq, fault.kind) for fault in audit.verify()] == [(1, "altered")]


def test_missing_entry_is_named(forge):
    write(5)
    forge.filter(seq=3)._raw_delete("default")
    assert audit.verify()[0].kind == "missing"
    assert "第3条" in audit.verify()[0].message


def test_missing_tail_is_named(forge):
    write(5)
    forge.filter(seq__gt=3)._raw_delete("default")
    assert [(fault.seq, fault.kind) for fault in audit.verify()] == [(4, "missing")]


def test_inserted_entry_is_named(forge):
    write(3)
    row = AuditEntry.objects.get(seq=3)
    row.seq = 4
    row.summary = "没有发生的事"
    forge.bulk_create([row])
    faults = {(fault.seq, fault.kind) for fault in audit.verify()}
    assert (4, "altered") in faults
    assert (4, "inserted") in faults


def test_rewritten_entry_with_its_own_right_hash_is_named(forge):
    write(4)
    row = AuditEntry.objects.get(seq=2)
    row.summary = "改写得天衣无缝"
    forge.filter(seq=2).update(summary=row.summary, hash=audit._digest(row))
    assert (3, "inserted") in {(fault.seq, fault.kind) for fault in audit.verify()}


def test_chain_cut_and_closed_again_shows_against_an_earlier_root(forge):
    write(5)
    root = audit.root_hash()
    forge.filter(seq__gt=3)._raw_delete("default")
    AuditHead.objects.update(count=3, last_hash=AuditEntry.objects.get(seq=3).hash)
    assert audit.verify() == []
    assert kinds(root) == {"cut"}


def test_earlier_root_stays_in_a_chain_that_grew(db):
    write(3)
    root = audit.root_hash()
    write(2)
    assert audit.verify(root) == []


def test_entry_lives_and_dies_with_its_transaction(db):
    write(1)
    with transaction.atomic():
        write(2)
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == 1
    write(1)
    assert audit.verify() == []


def test_models_refuse_to_change_or_delete_an_entry(db):
    write(1)
    row = AuditEntry.objects.get()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()


@pytest.mark.postgres
@pytest.mark.parametrize("act", ["UPDATE core_auditentry SET summary = ''", "DELETE FROM core_auditentry"])
def test_database_itself_refuses_to_change_or_delete_an_entry(db, act):
    write(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)
    assert audit.verify() == []


def test_command_prints_the_root_of_a_whole_chain(db):
    write(2)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue().strip() == audit.root_hash()


def test_command_names_every_broken_entry_and_fails(forge):
    write(5)
    forge.filter(seq__in=[2, 4]).update(reason="改过")
    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("verify_audit", stdout=out)
    assert caught.value.code == 1
    assert [line.split("\t")[:2] for line in out.getvalue().splitlines()] == [["2", "altered"], ["4", "altered"]]
