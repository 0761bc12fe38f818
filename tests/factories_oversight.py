"""Factories of host units and supervisors."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from oversight.models import HostUnit, Supervisor
from tests.factories import MemberFactory


class HostUnitFactory(DjangoModelFactory):
    """A window unit."""

    class Meta:
        model = HostUnit

    name = factory.Sequence(lambda number: f"第{number}便民服务中心")
    category = "基层站所"
    order = factory.Sequence(lambda number: number)


class SupervisorFactory(DjangoModelFactory):
    """A supervisor who serves since 2026 without an end."""

    class Meta:
        model = Supervisor

    unit = factory.SubFactory(HostUnitFactory)
    member = factory.SubFactory(MemberFactory)
    starts = date(2026, 1, 1)
