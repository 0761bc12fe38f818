"""Studios and their reception days, inside and on the portal; a person's calendar."""

from members.models import Member
from members.services import releasing
from tests.access.rules import EVERYBODY, NOBODY, SIGNED_IN, Rule, people
from tests.factories_studios import BookingFactory, ReceptionDayFactory, StudioRecordFactory, picture

OFFICE = people("liaison")
KEEPERS = OFFICE | people("convener")
READERS = KEEPERS | people(
    "leader proposal-clerk proposal-chief editor signer committee news-editor news-review1 news-review2 news-chief"
)

RULES = {
    "calendar_feed": Rule(NOBODY, "'no-such-secret'"),
    "accounts:calendar": Rule(SIGNED_IN),
    "members:studios": Rule(SIGNED_IN),
    "members:studio": Rule(SIGNED_IN, "own_studio"),
    "members:studio_new": Rule(OFFICE),
    "members:studio_export": Rule(OFFICE),
    "members:studios_lay_out": Rule(OFFICE),
    "members:studio_edit": Rule(KEEPERS, "own_studio"),
    "members:studio_requisites": Rule(KEEPERS, "own_studio"),
    "members:studio_poster": Rule(SIGNED_IN, "own_studio"),
    "members:studio_ledger": Rule(READERS, "own_studio"),
    "members:studio_record_new": Rule(KEEPERS, "own_studio"),
    "members:studio_record": Rule(READERS, "studio_record"),
    "members:studio_record_edit": Rule(KEEPERS, "studio_record"),
    "members:studio_record_remove": Rule(KEEPERS, "studio_record"),
    "members:studio_record_file": Rule(KEEPERS, "studio_record"),
    "members:photo_release": Rule(OFFICE, "studio_photo"),
    "portal:studio_photo": Rule(EVERYBODY, "released_photo"),
    "members:studio_rota": Rule(SIGNED_IN, "own_studio"),
    "members:studio_rota_print": Rule(SIGNED_IN, "own_studio"),
    "members:studio_rota_export": Rule(KEEPERS, "own_studio"),
    "members:studio_rule": Rule(KEEPERS, "own_studio"),
    "members:studio_lay_out": Rule(KEEPERS, "own_studio"),
    "members:studio_announce": Rule(KEEPERS, "own_studio"),
    "members:reception_day_new": Rule(KEEPERS, "own_studio"),
    "members:reception_day": Rule(KEEPERS | people("member"), "reception_day"),
    "members:reception_act": Rule(KEEPERS, "reception_day 'move'"),
    "members:booking_act": Rule(KEEPERS | people("member"), "booking 'phone'"),
    "portal:studio": Rule(EVERYBODY, "own_studio"),
    "portal:studio_matters": Rule(EVERYBODY, "own_studio"),
    "portal:studio_rota": Rule(EVERYBODY, "own_studio"),
    "portal:studio_calendar": Rule(EVERYBODY, "own_studio"),
    "portal:studio_code": Rule(EVERYBODY, "own_studio"),
    "portal:book": Rule(EVERYBODY, "own_studio"),
    "portal:booking_find": Rule(EVERYBODY),
    "portal:booking": Rule(NOBODY, "'0000000000' 'no-such-secret'"),
}


def build(world) -> dict[str, int]:
    """A studio of the convener's, with a ledger entry and a booked day on which the member sits."""
    convener, member = Member.objects.get(user=world["convener"]), Member.objects.get(user=world["member"])
    studio = convener.studio or next(grant.body.studio for grant in world["convener"].grants if grant.body_id)
    day = ReceptionDayFactory(studio=studio, hosts=[member])
    record = StudioRecordFactory(studio=studio, made_by=world["convener"])
    photo = picture(record, actor=world["convener"])
    shown = releasing.release(
        picture(record, actor=world["convener"], name="b.png"), actor=world["liaison"], studio=studio, on=day.on,
        caption="义诊", consented=True,
    )  # fmt: skip
    return {
        "studio_photo": str(photo.uuid), "released_photo": shown.pk, "studio_record": record.pk,
        "own_studio": studio.pk, "reception_day": day.pk, "booking": BookingFactory(day=day).pk,
    }  # fmt: skip
