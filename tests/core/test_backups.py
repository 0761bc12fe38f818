"""Back-up and restore: all of it comes back, the log unbroken; nothing is half restored, nothing overwritten unasked."""

import json
import stat
import zipfile

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from core import attachments, audit, backups, restoring, secrets
from core.errors import Refusal
from core.models import Attachment, AuditEntry
from members.models import HandlingUnit, User
from proposals.models import Proposal
from tests.proposals.story import World

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"
PHONE = "13987654321"


@pytest.fixture
def house(transactional_db):
    """A case that was answered, with a file, a telephone number and a studio beside it."""
    world = World()
    case = world.replied()
    attachments.add(case, SimpleUploadedFile("现场.pdf", PDF), actor=world.member.user)
    User.objects.filter(pk=world.clerk.pk).update(phone=PHONE)
    return world, case


def contents() -> dict[str, list]:
    """Every stored value of every table."""
    found = {}
    for model in backups.tables():
        if model._meta.label_lower not in backups.LEFT_OUT:
            found[model._meta.label_lower] = list(backups._rows(model, model._meta.local_concrete_fields))
    return found


def test_everything_comes_back_with_its_log_and_files(house, tmp_path):
    world, case = house
    file = tmp_path / "one.zip"
    before, root = contents(), audit.root_hash()
    call_command("backup", str(file))
    name = Attachment.objects.get().file.name
    default_storage.delete(name)
    Proposal.objects.filter(pk=case.pk).update(title="改坏了")
    World()  # work that came after the back-up, the log's too
    call_command("restore", str(file), "--replace")
    assert contents() == before
    assert audit.verify(root) == []
    assert audit.root_hash() == root
    with default_storage.open(name) as stored:
        assert stored.read() == PDF
    assert User.objects.get(pk=world.clerk.pk).phone == PHONE
    # Numbers go on where they stood: a new row takes no key that is in use.
    assert HandlingUnit.objects.create(name="新单位", short_name="新", category="镇").pk not in (
        world.unit.pk,
        world.support.pk,
    )
    assert world.submitted(world.other).pk != case.pk


def test_archive_is_private_and_keeps_encrypted_what_is_encrypted(house, tmp_path):
    file = tmp_path / "one.zip"
    call_command("backup", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        users = archive.read("data/members.user.jsonl").decode()
        assert "data/sessions.session.jsonl" not in archive.namelist()
    assert secrets.MARK in users
    assert PHONE not in users


def test_database_with_data_is_not_overwritten_unasked(house, tmp_path):
    file = tmp_path / "one.zip"
    call_command("backup", str(file))
    before = contents()
    with pytest.raises(CommandError, match="已有数据"):
        call_command("restore", str(file))
    assert contents() == before


def test_file_that_is_there_is_not_overwritten(house, tmp_path):
    file = tmp_path / "one.zip"
    file.write_text("mine")
    with pytest.raises(CommandError, match="没有覆盖"):
        call_command("backup", str(file))
    assert file.read_text() == "mine"
    with pytest.raises(CommandError, match="写不了"):
        call_command("backup", str(tmp_path / "no" / "folder.zip"))
    assert [path.name for path in tmp_path.iterdir()] == ["one.zip"]


def test_lost_upload_is_named_and_the_rest_is_kept(house, tmp_path, capsys):
    name = Attachment.objects.get().file.name
    default_storage.delete(name)
    with pytest.raises(SystemExit) as caught:
        call_command("backup", str(tmp_path / "one.zip"))
    assert caught.value.code == 1
    said = capsys.readouterr()
    assert name in said.err
    assert json.loads(said.out)["missing"] == 1
    restoring.restore(tmp_path / "one.zip", replace=True)


def rewritten(source, target, **changes):
    """A copy of an archive with other contents under some names; None leaves a name out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = changes.get(name.replace("/", "__").replace(".", "_"), old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


def manifest(file, **changes) -> str:
    """The archive's manifest with some entries changed."""
    with zipfile.ZipFile(file) as archive:
        return json.dumps(json.loads(archive.read("manifest.json")) | changes)


@pytest.fixture
def archive(house, tmp_path):
    """A good archive."""
    file = tmp_path / "good.zip"
    backups.write(file)
    return file


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: {"manifest_json": None}, "不是本系统的备份"),
        (lambda f: {"manifest_json": "[]"}, "不是本系统的备份"),
        (lambda f: {"manifest_json": manifest(f, format=99)}, "另一种格式"),
        (lambda f: {"manifest_json": manifest(f, key_check="enc1:other")}, "DATA_KEY"),
        (lambda f: {"manifest_json": manifest(f, migrations=["core.0001_initial"])}, "数据库结构"),
        (lambda f: {"manifest_json": manifest(f, files={"../../etc/cron.d/x": 1})}, "附件文件夹外面"),
        (lambda f: {"manifest_json": manifest(f, audit_root="0" * 64)}, "操作记录不完整"),
        (lambda f: {"data__core_auditentry_jsonl": _shortened(f)}, "应有"),
        (lambda f: {"data__core_auditentry_jsonl": _altered(f)}, "被改过"),
    ],
)
def test_bad_archive_changes_nothing(archive, tmp_path, change, words):
    before = contents()
    bad = rewritten(archive, tmp_path / "bad.zip", **change(archive))
    with pytest.raises(Refusal, match=words):
        restoring.restore(bad, replace=True)
    assert contents() == before


@pytest.mark.parametrize("cut", [0, 10, 5000])
def test_torn_archive_changes_nothing(archive, tmp_path, cut):
    before, torn = contents(), tmp_path / "torn.zip"
    torn.write_bytes(archive.read_bytes()[:cut])
    with pytest.raises(Refusal, match="不完整"):
        restoring.restore(torn, replace=True)
    assert contents() == before


def test_old_key_beside_the_new_one_reads_the_archive(archive, monkeypatch):
    monkeypatch.setattr(settings, "DATA_KEYS", ["a new key"])
    with pytest.raises(Refusal, match="DATA_KEY"):
        restoring.restore(archive, replace=True)
    monkeypatch.setattr(settings, "DATA_KEYS", ["a new key", settings.SECRET_KEY])
    restoring.restore(archive, replace=True)
    assert User.objects.filter(username__gt="").count() > 3


@pytest.mark.postgres
def test_rows_are_of_one_moment(house, tmp_path):
    """What is written while the back-up runs is in it whole or not at all."""
    from concurrent.futures import ThreadPoolExecutor

    world, _ = house

    def writes():
        try:
            for _ in range(5):
                world.submitted(world.other)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        task = pool.submit(writes)
        backups.write(tmp_path / "one.zip")
        task.result()
    restoring.restore(tmp_path / "one.zip", replace=True)
    assert audit.verify() == []
    assert Proposal.objects.exclude(intake_no=None).count() == AuditEntry.objects.filter(verb="proposal.submit").count()


def _lines(file) -> list[str]:
    with zipfile.ZipFile(file) as archive:
        return archive.read("data/core.auditentry.jsonl").decode().splitlines()


def _shortened(file) -> str:
    return "\n".join(_lines(file)[:-1]) + "\n"


def _altered(file) -> str:
    head, first, *rest = _lines(file)
    row = json.loads(first)
    row[json.loads(head).index("summary")] = "别的话"
    return "\n".join([head, json.dumps(row), *rest]) + "\n"
