"""Parts of a page 页面片段 that depend on nothing but what is handed to them: drawn once, kept in the process.

What a part shows is its template and its arguments, and both are the key under which it is kept. So
nothing of one person can stand on another's page, and nothing has to be thrown away when data change:
other data are other arguments. What differs on every page (form tokens, the page's own address) is
not for a part.
"""

from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils.autoreload import file_changed
from django.utils.safestring import SafeString, mark_safe

KEPT = 2048
"""Parts kept at most; those not asked for longest are drawn again."""


def draw(template: str, **arguments: Any) -> SafeString:
    """The part ``template`` with ``arguments``, which must be hashable and are all that it may read."""
    return _draw(template, tuple(arguments.items()))


@lru_cache(maxsize=KEPT)
def _draw(template: str, arguments: tuple[tuple[str, Any], ...]) -> SafeString:
    return mark_safe(get_template(template).render(dict(arguments)))  # noqa: S308 - a drawn template is safe


def forget(**kwargs: Any) -> None:
    """Draw every part anew; the development server says so whenever a file changed."""
    _draw.cache_clear()


file_changed.connect(forget, dispatch_uid="core.fragments.forget")
