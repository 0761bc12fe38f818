"""One factory per model of people: what a test does not care about is filled in, what it names is kept."""

import factory
from factory.django import DjangoModelFactory

from members.models import Body, HandlingUnit, Member, RoleGrant, Sector, SpecialCommittee, Studio, User

PASSWORD = "Ceshi-2026-mima"


class UserFactory(DjangoModelFactory):
    """An account that signs in with ``PASSWORD``; ``roles`` lists the codes it holds."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person{number}")
    name = factory.Sequence(lambda number: f"测试{number}号")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or []:
            RoleGrant.objects.create(user=self, role=role)


class SectorFactory(DjangoModelFactory):
    """A sector 界别."""

    class Meta:
        model = Sector

    kind = Body.Kind.SECTOR
    name = factory.Sequence(lambda number: f"界别{number}")


class SpecialCommitteeFactory(DjangoModelFactory):
    """A special committee 专委会."""

    class Meta:
        model = SpecialCommittee

    kind = Body.Kind.COMMITTEE
    name = factory.Sequence(lambda number: f"第{number}专委会")


class StudioFactory(DjangoModelFactory):
    """A studio 委员工作室."""

    class Meta:
        model = Studio

    name = factory.Sequence(lambda number: f"“{number}号”委员工作室")


class HandlingUnitFactory(DjangoModelFactory):
    """A handling unit 承办单位."""

    class Meta:
        model = HandlingUnit

    name = factory.Sequence(lambda number: f"汉滨区第{number}局")
    short_name = factory.LazyAttribute(lambda unit: unit.name.removeprefix("汉滨"))
    category = "政府部门"


class MemberFactory(DjangoModelFactory):
    """A member 委员 in office."""

    class Meta:
        model = Member

    code = factory.Sequence(lambda number: f"T{number:05d}")
    name = factory.Sequence(lambda number: f"委员{number}")
    sector = factory.SubFactory(SectorFactory)
    post = "某单位 干部"
    phone = "13812345678"
