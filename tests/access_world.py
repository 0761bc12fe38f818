"""What the access test walks on: every demo role, and one record of each kind that an address names."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from core import attachments, notices
from core.models import Job
from core.papers import uploads
from members.demo.people import ACCOUNTS
from members.models import HandlingUnit, Member, Studio, User
from proposals.models import Feedback, Promise, Proposal
from proposals.services import assignment, drafting, replying
from tests import access, handled

ANONYMOUS = "anonymous"
WHO = (ANONYMOUS, *(account.username for account in ACCOUNTS))
NOT_PAGES = ("admin:None", "admin:app_list", "admin:view_on_site", "admin:autocomplete")
"""Django's own catch-alls of /admin/, which name no page of ours; the site itself guards them."""


@dataclass
class Records:
    """One record of each kind, by the word that the table uses."""

    ids: dict[str, Any]


def names() -> list[str]:
    """Every named address of the project, «app:name»."""
    return sorted({name for name in _names(get_resolver()) if name not in NOT_PAGES})


def _names(resolver: URLResolver, space: str = ""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern, inner)


def build() -> Records:
    """People of every role; cases as a draft, in co-signing, submitted, filed, asked back, in reply, replied."""
    world = handled.build()
    member, member2 = world["member"], world["member2"]
    draft = drafting.create_draft(actor=member, kind="individual", title="草稿")
    joint = drafting.create_draft(
        actor=member, kind="joint", title="联名", cosigners=[Member.objects.get(user=member2)]
    )
    joint = drafting.invite_cosigners(joint, actor=member, until=timezone.localdate() + timedelta(5))
    submitted = _submitted(world)
    reply = world.drafted(support=True)
    transfer = world.assigned(title="申请改办的")
    transfer = assignment.request_transfer(transfer, actor=world["unit"], reason="不归本局管")
    extension = world.signed(title="申请延期的")
    extension = assignment.request_extension(
        extension, actor=world["unit"], until=timezone.localdate() + timedelta(120), reason="要等计划"
    )
    asked = replying.send_cosign(world.drafted(support=True, title="会签中的"), actor=world["unit"])
    issued = world.issued(title="已答复的")
    promised = Promise.objects.filter(reply=issued).first()
    studio = Studio.objects.first()
    notices.notify([member.pk], key="access", title="消息", body="", url="/home/")
    job = Job.objects.create(kind=uploads.TRIAL, created_by=world["proposal-clerk"], state=Job.State.FAILED)
    done = Job.objects.create(
        kind=uploads.TRIAL, created_by=world["proposal-clerk"], state=Job.State.DONE, result={"files": {}}
    )
    pdf = SimpleUploadedFile("附件.pdf", b"%PDF-1.4\n%%EOF\n")
    file = attachments.add(reply.task.proposal, pdf, actor=member)
    records = {
            "draft": draft.pk, "joint": joint.pk, "submitted": submitted.pk, "filed": world.filed("待交办").pk,
            "asked": asked.pk, "case": reply.task.proposal_id, "task": reply.task_id, "reply": reply.pk, "transfer": transfer.pk,
            "extension": extension.pk, "replied": issued.task.proposal_id, "letter": issued.pk,
            "feedback": Feedback.objects.get(proposal=issued.task.proposal).pk, "promise": promised.pk,
            "member": member2.member.pk, "studio": studio.pk, "unit": HandlingUnit.objects.get(pk=world.unit.pk).pk,
            "user": member.pk, "notice": member.notices.filter(key="access").get().pk,
            "file": file.uuid, "job": job.pk, "done_job": done.pk, "day": date(2026, 10, 1),
        }  # fmt: skip
    for area in access.areas():
        if hasattr(area, "build"):
            records |= area.build(world)
    return Records(records)


def _submitted(world) -> Proposal:
    from proposals.models import Category

    case = drafting.create_draft(
        actor=world["member"], kind="individual", title="待审查", situation="情况", suggestions=["建议"],
        category=Category.objects.first(),
    )  # fmt: skip
    return drafting.submit(case, actor=world["member"])


def outcome(session: str, url: str, data: dict[str, str] | None = None) -> str:
    """What the holder of a session gets: in, out (the 404 of what does not exist), or login."""
    client = Client()
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    response = client.post(url, data) if data else client.get(url)
    if response.status_code == 405:
        response = client.post(url)
    for close in response._resource_closers:
        close()  # the response's own close would also end this test's connection
    if response.status_code == 302 and response["Location"].startswith(("/accounts/login/?", "/admin/login/")):
        return "login"
    return "out" if response.status_code in (403, 404) else "in"


def sessions() -> dict[str, str]:
    """A signed-in session for everybody, by account; the stranger has none."""
    found = {ANONYMOUS: ""}
    for who in WHO[1:]:
        client = Client()
        client.force_login(User.objects.get(username=who), backend="django.contrib.auth.backends.ModelBackend")
        found[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return found
