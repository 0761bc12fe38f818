"""Opinion reports, their issues, what was forwarded."""

from django.utils import timezone

from sentiment.services import aftermath, bulletins, editing, writing
from tests.access.rules import SIGNED_IN, Rule, people

WRITERS = people("member member2 convener committee informant editor")
EDITOR = people("editor")
AUTHOR = people("member")
OFFICE = people("editor checker signer")
READERS = OFFICE | people("proposal-clerk proposal-chief leader district-leader")
ISSUERS = people("editor signer")
INSIDE = OFFICE | AUTHOR | people("proposal-clerk proposal-chief")
UNITS = people("unit unit-head unit2 inspection")

RULES = {
    "sentiment:list": Rule(SIGNED_IN),
    "sentiment:board": Rule(OFFICE | people("leader district-leader")),
    "sentiment:batch": Rule(EDITOR),
    "sentiment:composite": Rule(EDITOR),
    "sentiment:keep": Rule(EDITOR),
    "sentiment:new": Rule(WRITERS),
    "sentiment:autosave_new": Rule(WRITERS),
    "sentiment:item": Rule(INSIDE, "report_in"),
    "sentiment:edit": Rule(AUTHOR, "report_draft"),
    "sentiment:autosave": Rule(AUTHOR, "report_draft"),
    "sentiment:work": Rule(INSIDE, "report_in"),  # whoever may not edit is led back to the item
    "sentiment:act": Rule(INSIDE, "report_in 'accept'"),
    "sentiment:phones": Rule(INSIDE, "report_in"),  # whoever may not see them is led back to the item
    "sentiment:unrecord": Rule(ISSUERS, "report_out 'adoption' adoption"),
    "sentiment:bulletins": Rule(READERS),
    "sentiment:bulletin": Rule(OFFICE, "bulletin_open"),
    "sentiment:bulletin_word": Rule(READERS, "bulletin_out"),
    "sentiment:bulletin_undistribute": Rule(ISSUERS, "bulletin_out distributed"),
    "sentiment:bulletin_*": Rule(OFFICE, "bulletin_open"),
    "sentiment:forwards": Rule(UNITS),
    "sentiment:forward": Rule(people("unit unit-head inspection"), "forwarded"),
    "sentiment:forward_judge": Rule(AUTHOR | EDITOR, "forwarded"),
}
TEXT = {"title": "路灯早关", "situation": "早晨摸黑", "suggestions": "自动调控"}


def build(world) -> dict[str, object]:
    """A draft, a report handed in, an open and a published issue, a report sent to the unit."""
    member, editor = world["member"], world["editor"]

    def submitted(title: str):
        return writing.submit(writing.create_draft(actor=member, **{**TEXT, "title": title}), actor=member)

    def signed(title: str):
        edited = editing.finish_edit(editing.accept(submitted(title), actor=editor), actor=editor)
        return editing.sign(editing.check(edited, actor=world["checker"]), actor=world["signer"])

    published = bulletins.publish(bulletins.create([signed("已刊发的")], actor=editor), actor=editor)
    issued = published.entries.get().report
    bulletins.distribute(published, ["区委办"], actor=editor, way="paper", on=timezone.localdate())
    return {
        "distributed": published.distributions.get().pk,
        "report_draft": writing.create_draft(actor=member, title="来稿草稿").pk,
        "report_in": submitted("等着收稿的").pk,
        "bulletin_open": bulletins.create([signed("待刊发的")], actor=editor).pk,
        "bulletin_out": published.pk,
        "report_out": issued.pk,
        "adoption": aftermath.adopt(issued, actor=editor, level="city", body_name="市政协", on=None).pk,
        "forwarded": aftermath.forward(issued, [world.unit], actor=editor)[0].pk,
    }
