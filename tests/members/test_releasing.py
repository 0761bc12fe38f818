"""Photographs of studios' work released to the public: by the office alone, with consent, and taken back."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import attachments
from core.errors import Refusal
from core.models import AuditEntry
from members.models import ReleasedPhoto
from members.services import releasing
from tests.factories import UserFactory
from tests.factories_activities import ActivityFactory
from tests.factories_studios import StudioRecordFactory, picture, staffed_studio

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return UserFactory(roles=["liaison"])


@pytest.fixture
def record(office):
    return StudioRecordFactory(studio=staffed_studio(), made_by=office)


def release(file, office, record, **changes) -> ReleasedPhoto:
    said = {"studio": record.studio, "on": record.on, "caption": "进社区义诊", "consented": True, **changes}
    return releasing.release(file, actor=office, **said)


def test_only_with_consent_only_pictures_only_once_and_only_the_office(office, record):
    photo = picture(record, actor=office)
    for changes, said in (({"consented": False}, "同意"), ({"caption": " "}, "照片说明")):
        with pytest.raises(Refusal, match=said):
            release(photo, office, record, **changes)
    pdf = attachments.add(record, SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n"), actor=office)
    with pytest.raises(Refusal, match="JPG、PNG"):
        release(pdf, office, record)
    with pytest.raises(Refusal, match="权限"):
        release(photo, UserFactory(roles=["convener"]), record)
    release(photo, office, record)
    with pytest.raises(Refusal, match="已经公开"):
        release(photo, office, record)
    assert AuditEntry.objects.get(verb="studio.photo_release").actor == office


def test_the_public_sees_what_is_released_and_nothing_once_it_is_taken_back(client, office, record):
    shown, kept = picture(record, actor=office), picture(record, actor=office, name="b.png")
    row = release(shown, office, record)
    page = client.get(reverse("portal:studio", args=[record.studio_id])).content.decode()
    address = reverse("portal:studio_photo", args=[row.pk])
    assert (f'src="{address}"' in page, "进社区义诊" in page, str(kept.uuid) in page) == (True, True, False)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200,
        "image/png",
        "nosniff",
    )
    assert b"PNG" in b"".join(answer.streaming_content)
    releasing.withdraw(row, actor=office)
    releasing.withdraw(row, actor=office)
    assert client.get(address).status_code == 404
    assert "进社区义诊" not in client.get(reverse("portal:studio", args=[record.studio_id])).content.decode()
    assert AuditEntry.objects.filter(verb="studio.photo_withdraw").count() == 1
    assert release(shown, office, record).pk != row.pk


def test_a_photograph_whose_file_was_removed_is_seen_no_more(client, office, record):
    photo = picture(record, actor=office)
    row = release(photo, office, record)
    attachments.remove(photo, actor=office)
    assert client.get(reverse("portal:studio_photo", args=[row.pk])).status_code == 404


def test_the_office_releases_from_the_ledger_and_takes_back(client, office, record):
    client.force_login(office)
    photo = picture(record, actor=office)
    page = reverse("members:photo_release", args=[photo.uuid])
    assert page in client.get(reverse("members:studio_record", args=[record.pk])).content.decode()
    assert "照片里的人同意" in client.post(page, {"caption": "进社区义诊"}).content.decode()
    assert not ReleasedPhoto.objects.exists()
    done = client.post(page, {"caption": "进社区义诊", "consented": "on"}, follow=True).content.decode()
    assert "照片已公开" in done
    assert ReleasedPhoto.objects.get().studio == record.studio
    assert "照片已撤下" in client.post(page, {"verb": "withdraw"}, follow=True).content.decode()


def test_a_photograph_of_an_activity_goes_to_the_chosen_studio(client, office):
    client.force_login(office)
    studio = staffed_studio()
    activity = ActivityFactory(status="held", on=date(2026, 3, 5))
    photo = picture(activity, actor=office)
    page = reverse("members:photo_release", args=[photo.uuid])
    assert page in client.get(activity.get_absolute_url()).content.decode()
    assert "请选工作室" in client.post(page, {"caption": "调研", "consented": "on"}).content.decode()
    client.post(page, {"studio": studio.pk, "caption": "调研", "consented": "on"})
    row = ReleasedPhoto.objects.get()
    assert (row.studio, row.on) == (studio, date(2026, 3, 5))


def test_other_files_cannot_be_released(client, office):
    client.force_login(office)
    photo = picture(staffed_studio().members.first(), actor=office)
    assert client.get(reverse("members:photo_release", args=[photo.uuid])).status_code == 404
