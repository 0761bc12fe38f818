"""What every page's frame (外框) needs: theme, menu, messages, addresses. All of it is lazy.

A page that does not draw a part does not pay for it: each property is worked out when a template
first asks, once per request.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from core import badges, navigation, notices
from core.site import Site, site

ELDER_COOKIE = "hb_theme"
ELDER = "elder"
UNREAD = "unread"
UNREAD_CAP = 99


class Frame:
    """The frame of one page for one person; templates read it as ``frame``."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def theme(self) -> str:
        """ "elder" (长辈版) or "" (普通版)."""
        return ELDER if self._request.COOKIES.get(ELDER_COOKIE) == ELDER else ""

    @cached_property
    def elder_url(self) -> str:
        """The link that changes to the other theme and comes back to this page."""
        here = self._request.get_full_path() if self._request.method == "GET" else "/"
        wanted = "off" if self.theme else "on"
        return f"{navigation.address('frame:elder')}?{urlencode({'to': wanted, 'next': here})}"

    @cached_property
    def _menu(self) -> navigation.Menu:
        return navigation.Menu(self._request, _counted)

    @cached_property
    def sections(self) -> tuple[navigation.Section, ...]:
        """The menu, grouped by job."""
        return self._menu.sections()

    @cached_property
    def phone_links(self) -> tuple[navigation.Link, ...]:
        """The bottom bar of the phone."""
        return self._menu.phone()

    @cached_property
    def unread(self) -> int:
        """How many messages wait unread, counted no further than the cap."""
        return self._menu.counts.get(UNREAD) or 0

    @cached_property
    def unread_text(self) -> str:
        """The count as written in the top bar."""
        return f"{UNREAD_CAP}+" if self.unread > UNREAD_CAP else str(self.unread)

    @cached_property
    def person(self) -> str:
        """The signed-in person's name, as it stands in the top bar."""
        user = self._request.user
        return user.get_full_name() if user.is_authenticated else ""

    @cached_property
    def role(self) -> str:
        """The person's first role, which stands behind the name where there is room."""
        return getattr(self._request.user, "role_label", "")

    @cached_property
    def columns(self) -> list[navigation.Link]:
        """The portal's columns (栏目), the current one marked."""
        columns = [(label, navigation.address(name)) for label, name in navigation.portal_columns()]
        here = navigation.current(self._request, [url for _, url in columns if url])
        return [navigation.Link(label, url, current=url == here) for label, url in columns if url]

    @cached_property
    def services(self) -> list[navigation.Link]:
        """What a resident can do here, for the foot of the page."""
        found = [(label, navigation.address(name)) for label, name in navigation.portal_services()]
        return [navigation.Link(label, url) for label, url in found if url]

    @cached_property
    def site(self) -> Site:
        """Who runs the site."""
        return site()

    @cached_property
    def today(self):
        """The date and hour here."""
        return timezone.localtime()

    @property
    def idle_seconds(self) -> int:
        """After how many idle seconds a person is signed out."""
        return settings.SESSION_COOKIE_AGE

    @property
    def home_url(self) -> str:
        """待办, the first page of the workspace."""
        return settings.LOGIN_REDIRECT_URL

    @property
    def portal_url(self) -> str:
        """The first page of the portal."""
        return "/"

    @property
    def login_url(self) -> str:
        """Where a person signs in."""
        return settings.LOGIN_URL

    @cached_property
    def logout_url(self) -> str:
        """Where a person signs out, by POST."""
        return navigation.address("accounts:logout")

    @cached_property
    def account_url(self) -> str:
        """A person's own account and its second factor."""
        return navigation.address("accounts:security")

    @cached_property
    def search_url(self) -> str:
        """Where the one search box of the workspace leads."""
        return navigation.address("frame:find")

    @cached_property
    def public_search_url(self) -> str:
        """Where the search box of the portal leads."""
        return navigation.address("portal:search")

    @property
    def public_search_hint(self) -> str:
        """What can be found there."""
        return "提案、答复、工作室"

    @cached_property
    def notices_url(self) -> str:
        """A person's messages."""
        return navigation.address("frame:notices")

    @cached_property
    def open_proposals_url(self) -> str:
        """Published proposals."""
        return navigation.address("portal:open_list")

    @cached_property
    def accessibility_url(self) -> str:
        """The accessibility statement."""
        return navigation.address("portal:accessibility")

    @cached_property
    def sitemap_url(self) -> str:
        """The site map for people."""
        return navigation.address("portal:site_map")


def _counted(user: Any, entries: Sequence[navigation.Entry]) -> badges.Counts:
    """What waits under these links and the unread messages, as kept for this person; nothing for a visitor."""
    if not user.is_authenticated:
        return {}

    def work_out() -> badges.Counts:
        return navigation.count(user, entries) | {UNREAD: notices.unread_count(user, UNREAD_CAP)}

    return badges.counts(user.pk, [UNREAD, *(entry.name for entry in entries if entry.badge)], work_out)


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Give every template its ``frame``."""
    return {"frame": Frame(request)}
