"""A proposal printed as a document 打印成文: the paper first, its handling on a new page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from proposals.selectors_item import get_proposal, item_facts


@require_safe
def print_view(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposal as it leaves the printer; contact data stay out."""
    proposal = get_proposal(request.user, pk)
    facts = item_facts(proposal, request.user)
    context = {"proposal": proposal, "facts": facts, "steps": facts.steps}
    return render(request, "proposals/proposal_print.html", context)
