"""What the list of studios says of place and reception days: the township, and the rule in force (接待日规则)."""

import datetime as dt
import re

from django.utils import timezone

from core.errors import Refusal
from core.papers.sheets import Record
from members.models import RotaRule, Studio
from members.papers.rows import text_of
from members.studios import rota

_TOWNSHIP = re.compile(r"^(?:安康市)?(?:汉滨区|汉滨)?(.{1,10}?(?:街道|镇|乡))(?:办事处)?")


def township(place: str) -> str:
    """The township 镇（街道） that a place begins with: 恒口镇, or empty."""
    found = _TOWNSHIP.match(place.strip())
    return found[1] if found else ""


def keep_rule(studio: Studio, words: str, *, year: int) -> None:
    """Put the words of a paper in force as a rule, unless they are already or cannot be read.

    The first rule counts from the studio's founding; a later one from the papers' year, and never
    before the rule that it follows.
    """
    newest = studio.rota_rules.order_by("-starts", "-id").first()
    if not words or (newest is not None and newest.text == words):
        return
    try:
        opens, closes = rota.read(words).hours()
    except Refusal:
        return
    starts = dt.date(year, 1, 1)
    if newest is None:
        starts = studio.founded_on or starts
    elif newest.starts >= starts:
        starts = max(newest.starts, timezone.localdate()) + dt.timedelta(days=1)
    studio.rota_rules.filter(ends__isnull=True).update(ends=starts - dt.timedelta(days=1))
    RotaRule.objects.create(studio=studio, text=words, starts=starts, opens=opens, closes=closes)


def rule_words(record: Record) -> str:
    """The words of the reception rule; words that nobody could lay days out by are kept and named."""
    words = text_of(record, "reception_rule", 80)
    if words:
        try:
            rota.read(words)
        except Refusal as refusal:
            record.problem("reception_rule", f"排不出接待日：{refusal}")
    return words
