"""What became of a text 文字对照: two wordings side by side, the words taken out and put in marked."""

from collections.abc import Iterable

import rjieba
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from rapidfuzz.distance import Indel


def compare(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Both texts as HTML: in the first ``<del>`` around what went, in the second ``<ins>`` around what came.

    Compared word by word, so that a change reads as a change of words, not of single characters.
    """
    old, new = rjieba.cut(before, False), rjieba.cut(after, False)
    gone: list[tuple[bool, str]] = []
    come: list[tuple[bool, str]] = []
    for step in Indel.opcodes(old, new):
        if step.src_end > step.src_start:
            gone.append((step.tag != "equal", "".join(old[step.src_start : step.src_end])))
        if step.dest_end > step.dest_start:
            come.append((step.tag != "equal", "".join(new[step.dest_start : step.dest_end])))
    return _marked(gone, "<del>{}</del>"), _marked(come, "<ins>{}</ins>")


def _marked(parts: Iterable[tuple[bool, str]], form: str) -> SafeString:
    return format_html_join("", "{}", ((format_html(form, text) if changed else text,) for changed, text in parts))
