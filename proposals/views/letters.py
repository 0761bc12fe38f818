"""The reply letter 答复函 as paper: A4 sheets to read and print, and the Word file."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.papers import letter as papers
from proposals import selectors_unit
from proposals.letters import compose

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter on sheets of A4."""
    reply = selectors_unit.get_reply(request.user, pk)
    composed = compose(reply)
    context = {"reply": reply, "proposal": reply.task.proposal, "letter": composed, "sheets": papers.sheets(composed)}
    return render(request, "proposals/reply_letter.html", context)


@require_safe
def letter_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as a Word file."""
    reply = selectors_unit.get_reply(request.user, pk)
    proposal = reply.task.proposal
    name = quote(f"{proposal.case_no or proposal.intake_no}提案答复函（{reply.task.unit}）.docx")
    return HttpResponse(
        papers.write(compose(reply)),
        content_type=WORD,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "private, no-store"},
    )
