"""People of the information office and an author, and a report at any stage of its life."""

from dataclasses import dataclass, field

from members.models import HandlingUnit, Member, Role, User
from sentiment.models import Bulletin, Forward, OpinionReport
from sentiment.services import aftermath, bulletins, editing, writing
from tests.factories import HandlingUnitFactory, MemberFactory, UserFactory

TEXT = {
    "title": "城区部分路灯早关晚开",
    "situation": "兴安西路居民反映，早晨六点前关灯，学生上学摸黑。",
    "analysis": "照明控制采用固定时间，没有随季节调整。",
    "suggestions": "按照日出日落时间自动调控。",
    "category": "城建管理",
}


@dataclass
class World:
    """Accounts by what they do, with the means to bring a report as far as a test needs it."""

    author: User
    editor: User
    checker: User
    signer: User
    leader: User
    operator: User
    unit: HandlingUnit
    member: Member
    made: list[OpinionReport] = field(default_factory=list)

    def draft(self, **text) -> OpinionReport:
        """A draft of the author."""
        return writing.create_draft(actor=self.author, **{**TEXT, **text})

    def submitted(self, **text) -> OpinionReport:
        """Handed in."""
        return writing.submit(self.draft(**text), actor=self.author)

    def editing(self, **text) -> OpinionReport:
        """In the editor's hands."""
        return editing.accept(self.submitted(**text), actor=self.editor)

    def edited(self, **text) -> OpinionReport:
        """Waiting for the check."""
        return editing.finish_edit(self.editing(**text), actor=self.editor)

    def signed(self, **text) -> OpinionReport:
        """Checked and signed."""
        checked = editing.check(self.edited(**text), actor=self.checker)
        return editing.sign(checked, actor=self.signer)

    def bulletin(self, **text) -> Bulletin:
        """An issue with one signed report, not yet published."""
        return bulletins.create([self.signed(**text)], actor=self.editor)

    def issued(self, **text) -> OpinionReport:
        """Published in an issue."""
        bulletin = bulletins.publish(self.bulletin(**text), actor=self.editor)
        return bulletin.entries.get().report

    def forwarded(self, **text) -> Forward:
        """Sent to the unit."""
        return aftermath.forward(self.issued(**text), [self.unit], actor=self.editor)[0]


def build() -> World:
    """Everybody with an account."""
    author = UserFactory(roles=[Role.MEMBER])
    unit = HandlingUnitFactory()
    return World(
        author=author,
        editor=UserFactory(roles=[Role.INFO_EDITOR]),
        checker=UserFactory(roles=[Role.INFO_CHECKER]),
        signer=UserFactory(roles=[Role.INFO_SIGNER]),
        leader=UserFactory(roles=[Role.LEADER]),
        operator=UserFactory(roles=[(Role.UNIT_OPERATOR, unit)]),
        unit=unit,
        member=MemberFactory(user=author),
    )
