"""Factories of reception days, their slots and bookings; a studio with members to host."""

from datetime import date, time, timedelta

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from core import attachments, secrets
from core.models import Attachment
from members.models import Booking, Member, ReceptionDay, ReceptionHost, ReceptionSlot, Studio, StudioRecord
from members.services.booking import CONSENT
from tests.factories import MemberFactory, StudioFactory


def staffed_studio(members: int = 4, **facts) -> Studio:
    """A studio with so many members in office, the first of whom convenes."""
    studio = StudioFactory(**{"place": "老城街道", **facts})
    people = [MemberFactory(studio=studio) for _ in range(members)]
    if people and studio.convener is None:
        studio.convener = people[0]
        studio.save()
    return studio


class ReceptionDayFactory(DjangoModelFactory):
    """An announced day in a week, with eight slots and one host."""

    class Meta:
        model = ReceptionDay
        skip_postgeneration_save = True

    studio = factory.LazyFunction(staffed_studio)
    on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(7))
    opens, closes = time(9), time(11, 40)
    announced_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def slots(self, create, extracted, **kwargs):
        for number in range(8 if extracted is None else extracted):
            ReceptionSlot.objects.create(day=self, starts=time(9 + number // 3, number % 3 * 20))

    @factory.post_generation
    def hosts(self, create, extracted, **kwargs):
        for order, member in enumerate(extracted or Member.objects.filter(studio=self.studio)[:1]):
            ReceptionHost.objects.create(day=self, member=member, order=order)


class BookingFactory(DjangoModelFactory):
    """A standing booking of a day's first slot."""

    class Meta:
        model = Booking

    class Params:
        day = factory.SubFactory(ReceptionDayFactory)

    slot = factory.LazyAttribute(lambda row: row.day.slots.order_by("starts").first())
    receipt_code = factory.Sequence(lambda number: f"{7_000_000_000 + number}")
    name = "张先生"
    phone = "13800005678"
    phone_digest = factory.LazyAttribute(lambda row: secrets.digest(row.phone, "booking.phone"))
    matter = "门前的路灯坏了两个月"
    consent_text = CONSENT
    cancel_digest = factory.Sequence(lambda number: secrets.digest(str(number), "booking.link"))


class StudioRecordFactory(DjangoModelFactory):
    """An entry of the ledger of activities."""

    class Meta:
        model = StudioRecord

    studio = factory.SubFactory(StudioFactory)
    ledger = StudioRecord.Ledger.ACTIVITY
    on = date(2026, 3, 5)
    title = "走访养老院"


def picture(subject, *, actor, name: str = "a.png") -> Attachment:
    """A small photograph among the files of a record; another name is another photograph."""
    upload = SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n" + name.encode() + b"0" * 40, content_type="image/png")
    return attachments.add(subject, upload, actor=actor)
