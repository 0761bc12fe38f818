"""People of consultations 协商: the liaison office, a committee's staff, a studio's convener, members, a unit."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from consultations.models import Consultation
from consultations.services import sessions
from members.models import HandlingUnit, Member, Role, SpecialCommittee, Studio, User
from tests.factories import HandlingUnitFactory, MemberFactory, SpecialCommitteeFactory, StudioFactory, UserFactory


@dataclass
class World:
    """Accounts by what they do, with the means to bring a session as far as a test needs it."""

    liaison: User
    staff: User
    convener: User
    operator: User
    leader: User
    committee: SpecialCommittee
    studio: Studio
    unit: HandlingUnit
    members: list[Member]

    def planned(self, **values) -> Consultation:
        """A session of the committee, entered for today."""
        defaults = {
            "title": "高坪河流域治理", "form": "topical", "on": timezone.localdate(), "organizer": self.committee,
            "units": [self.unit],
        }  # fmt: skip
        return sessions.plan(actor=self.staff, **{**defaults, **values})

    def invited(self, **values) -> Consultation:
        """With both members on the list."""
        row = self.planned(**values)
        sessions.invite(row, [member.pk for member in self.members], actor=self.staff)
        return Consultation.objects.get(pk=row.pk)

    def held(self, **values) -> Consultation:
        """Held today."""
        row = sessions.notify(self.invited(**values), actor=self.staff)
        return sessions.hold(row, actor=self.staff, suggestions_count=11)


def build() -> World:
    """Everybody with an account."""
    committee, studio, unit = SpecialCommitteeFactory(), StudioFactory(), HandlingUnitFactory()
    people = [UserFactory(roles=[Role.MEMBER]) for _ in range(2)]
    return World(
        liaison=UserFactory(roles=[Role.LIAISON]),
        staff=UserFactory(roles=[(Role.COMMITTEE, committee)]),
        convener=UserFactory(roles=[(Role.CONVENER, studio)]),
        operator=UserFactory(roles=[(Role.UNIT_OPERATOR, unit)]),
        leader=UserFactory(roles=[Role.LEADER]),
        committee=committee,
        studio=studio,
        unit=unit,
        members=[MemberFactory(user=user, committee=committee) for user in people],
    )


YESTERDAY = timedelta(days=-1)
