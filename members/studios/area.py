"""Makes studios and reception days known to the common floor: options, acts of duty, daily run, files, calendar."""

from core import attachments, calendar_feed, reminders, todos
from members.duty import acts as duty_acts
from members.models import StudioRecord
from members.services import studio_duty
from members.studios import daily as studio_daily
from members.studios import feed as studio_feed
from members.studios import options as studio_options
from members.studios import rules as studio_rules
from members.studios import todos as studio_todos

__all__ = ["register", "studio_options", "studio_rules"]


def register() -> None:
    """Called once when the app is ready."""
    duty_acts.declare(studio_duty.HOSTED, "接待日值班接待")
    duty_acts.declare(studio_duty.DAY, "接待日如期开门", target="studio")
    duty_acts.declare(studio_duty.RECORD, "登记台账", target="studio")
    duty_acts.declare(studio_duty.REQUISITE, "五有具备", target="studio")
    duty_acts.declare(studio_duty.HONOUR, "受表彰或被报道", target="studio")
    duty_acts.sweep_with(studio_duty.acts)
    for kind, name in (
        ("members.receptionday", "reception_day"), ("members.studiorecord", "studio_record"),
    ):  # fmt: skip
        duty_acts.link_with(kind, studio_feed.address_with(f"members:{name}"))
    duty_acts.link_with("members.studiorequisite", studio_feed.requisite_address)
    for callback in (studio_daily.lay_out, studio_daily.announce, studio_daily.remind_hosts, studio_daily.forget):
        reminders.on_sweep(callback)
    attachments.readable("members.studiorecord", _reads_record, lambda row: row.studio)
    todos.provide(studio_todos.waiting)
    calendar_feed.provide(studio_feed.events)


def _reads_record(user, record: StudioRecord) -> bool:
    """Whoever reads the ledger reads its files."""
    return record.removed_at is None and user.has_perm("members.read_ledgers", record.studio)
