"""The page of the one search box 查找."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import finding


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Everything that this person may see and that the words of ``?q=`` find, by kind."""
    text = request.GET.get("q", "").replace("\x00", "").strip()
    return render(request, "core/find.html", {"text": text, "kinds": finding.everywhere(request.user, text)})
