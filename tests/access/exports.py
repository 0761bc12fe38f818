"""Large exports and their files: each person's own; taking an import back: the office's."""

from core import exporting
from core.models import Job
from core.papers import takebacks, uploads
from tests.access.rules import NOBODY, OFFICE, SIGNED_IN, Rule, people

RULES = {
    "settings:import_undo": Rule(OFFICE, "undo_look"),
    "frame:exports": Rule(SIGNED_IN),
    "frame:export": Rule(people("proposal-clerk"), "export"),
    "frame:export_file": Rule(NOBODY, "export"),  # not made yet: nobody gets it
    "frame:export_restart": Rule(people("proposal-clerk"), "export"),
}


def build(world) -> dict[str, int]:
    """An export that ``proposal-clerk`` asked for and that broke off; a look at an import of hers."""
    params = {"list": "proposals", "query": "", "label": "提案清单"}
    job = Job.objects.create(
        kind=exporting.KIND, created_by=world["proposal-clerk"], params=params, state=Job.State.FAILED
    )
    run = Job.objects.create(kind=uploads.WRITE, created_by=world["proposal-clerk"], state=Job.State.DONE)
    looked = Job.objects.create(
        kind=takebacks.LOOK, created_by=world["proposal-clerk"], params={"run": run.pk}, state=Job.State.FAILED
    )
    return {"export": job.pk, "undo_look": looked.pk}
