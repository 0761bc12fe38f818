"""Matters and what they need, for tests."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.models import Booking, Matter, MatterStatus, Member, ReceptionDay, ReceptionSlot, Role, User
from tests.factories import MemberFactory, StudioFactory, UserFactory

TEXT = "村口三盏路灯坏了半个月，老人晚上出门看不见路。"


class MatterFactory(DjangoModelFactory):
    """A matter that waits to be sent on; ``status`` puts it elsewhere without its history."""

    class Meta:
        model = Matter

    receipt_code = factory.Sequence(lambda number: f"{9_000_000_000 + number}")
    studio = factory.SubFactory(StudioFactory)
    host = factory.SubFactory(MemberFactory)
    received_on = factory.LazyFunction(timezone.localdate)
    visitor_name = "欧阳小曼"
    visitor_phone = "13987654321"
    village = "恒口镇"
    category = "市政设施"
    text = TEXT
    status = MatterStatus.RECORDED


class ReceptionDayFactory(DjangoModelFactory):
    """An announced day of today."""

    class Meta:
        model = ReceptionDay

    studio = factory.SubFactory(StudioFactory)
    on = factory.LazyFunction(timezone.localdate)
    announced_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=5))


class ReceptionSlotFactory(DjangoModelFactory):
    """A slot at nine."""

    class Meta:
        model = ReceptionSlot

    day = factory.SubFactory(ReceptionDayFactory)
    starts = "09:00"


class BookingFactory(DjangoModelFactory):
    """A slot booked by a resident."""

    class Meta:
        model = Booking

    slot = factory.SubFactory(ReceptionSlotFactory)
    receipt_code = factory.Sequence(lambda number: f"{8_000_000_000 + number}")
    name = "欧阳小曼"
    phone = "13987654321"
    matter = TEXT
    consent_text = "同意"


def host(**values) -> Member:
    """A member with an account and a studio of his own."""
    user = UserFactory(roles=[Role.MEMBER])
    values.setdefault("studio", StudioFactory())
    return MemberFactory(user=user, **values)


def fresh(user: User) -> User:
    """The account read anew, so that nothing is remembered of it."""
    return User.objects.get(pk=user.pk)
