"""Which draft and which version a page in the browser stands for 草稿页面.

A page that began without a draft saves itself by a token of its own, so that a second save finds the
draft of the first; and it knows what it last saved itself, so that only others' changes are conflicts.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

PAGES_KEPT = 20


@dataclass(frozen=True)
class DraftPages:
    """The pages of one kind of draft, kept in the session under ``key``; drafts have ``pk`` and ``version``."""

    key: str

    def known(self, request: HttpRequest) -> dict[str, int]:
        """What the posting page saved last: ``pk`` and ``version``; empty before its first save."""
        return request.session.get(self.key, {}).get(request.POST.get("page_token", ""), {})

    def version(self, request: HttpRequest) -> int | None:
        """The version that the page knows: what it was made from, or what it last saved itself."""
        given = request.POST.get("version", "")
        versions = [int(given)] if given.isdecimal() else []
        if own := self.known(request).get("version"):
            versions.append(own)
        return max(versions, default=None)

    def remember(self, request: HttpRequest, saved: Any) -> None:
        """Keep what the posting page has just saved; of many pages the latest."""
        token = request.POST.get("page_token", "")
        if not token:
            return
        pages = dict(list(request.session.get(self.key, {}).items())[-PAGES_KEPT:])
        pages[token] = {"pk": saved.pk, "version": saved.version}
        request.session[self.key] = pages

    def tokens(self, request: HttpRequest, draft: Any) -> dict[str, Any]:
        """The hidden fields by which a page is known again: ``page_token`` and ``version``."""
        version = self.version(request) if request.method == "POST" else None
        return {
            "page_token": request.POST.get("page_token") or secrets.token_urlsafe(9),
            "version": version or (draft.version if draft else ""),
        }
