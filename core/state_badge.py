"""The badge 状态标记 of a state: a word with its shape and colour (``components`` of docs/frames.md)."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString


@lru_cache(maxsize=256)
def badge(label: str, look: str) -> SafeString:
    """The words in a badge; ``look`` is info, done, soon, over, honour, or empty for one without colour."""
    return format_html('<span class="badge{}">{}</span>', f" badge-{look}" if look else "", label)
