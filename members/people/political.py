"""Who is a Party member 中共党员, however the political status (政治面貌) was written."""

from django.db.models import Q

USUAL = "中共党员"
PARTY_MEMBER_WORDS = frozenset(
    {
        "中共党员",
        "中国共产党党员",
        "党员",
        "中共",
        "共产党员",
        "中国共产党",
        "中共党员（预备）",
        "中共预备党员",
        "预备党员",
    }
)


def usual_wording(words: str) -> str:
    """A political status in its usual wording; every way of writing 中共党员 is one, others stay as they are."""
    return USUAL if is_party_member(words) else words


def is_party_member(words: str) -> bool:
    """Whether a political status says Party member; 民革党员 and the like do not."""
    return words.replace(" ", "").replace("　", "") in PARTY_MEMBER_WORDS


def party_members() -> Q:
    """The same question for a query over members."""
    return Q(political_status__in=sorted(PARTY_MEMBER_WORDS))
