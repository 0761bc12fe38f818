"""Full-text search on whichever engine the tests run."""

import pytest

from core import search
from core.models import SearchDocument
from members.models import Body, Term

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies():
    """Three searchable records with known words."""
    texts = {
        "water": "关于加强农村饮水工程后期管护的建议。瀛湖镇供水站多由村干部兼管。",
        "road": "关于整治北山农村公路临崖路段隐患的建议，提案人贺青川，用４Ｇ网络监测。",
        "school": "关于在移民搬迁社区设立“四点半课堂”的建议",
    }
    rows = {name: Body.objects.create(kind="group", name=name) for name in texts}
    search.index_many((rows[name], [text]) for name, text in texts.items())
    return rows


def found(text, **fields):
    return set(search.match(Body.objects.all(), text, **fields).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("饮水", {"water"}),
        ("农村", {"water", "road"}),
        ("农村 公路", {"road"}),
        ("农村　饮水工程", {"water"}),
        ("瀛湖", {"water"}),
        ("贺青川", {"road"}),
        ("4g", {"road"}),
        ("４Ｇ 隐患", {"road"}),
        ("四点半", {"school"}),
        ("“饮水工程”", {"water"}),
        ('"工程饮水"', set()),
        ("青贺", set()),
        ("航天器", set()),
        ("农村 航天器", set()),
        ("，。！", set()),
        ("'; DROP TABLE --", set()),
        ("& | ! : *", set()),
    ],
)
def test_match_finds_words(bodies, text, names):
    assert found(text) == names


def test_match_blank_keeps_everything(bodies):
    assert found("  ") == {"water", "road", "school"}


def test_index_replaces_what_was_there(bodies):
    search.index(bodies["water"], "关于文化馆的建议")
    assert found("饮水") == set()
    assert found("文化馆") == {"water"}
    assert SearchDocument.objects.count() == 3


def test_remove_makes_unfindable(bodies):
    search.remove(bodies["water"])
    assert found("饮水") == set()
    assert found("公路") == {"road"}


def test_match_keeps_to_the_records_of_its_own_kind(bodies):
    other = Term.objects.create(number=1, name="一届", starts="2021-01-01")
    search.index(other, "饮水")
    assert found("饮水") == {"water"}
    assert list(search.match(Term.objects.all(), "饮水")) == [other]


@pytest.mark.parametrize("text", ["7", "第7号", " 第 7 号 ", "７"])
def test_match_finds_a_number_exactly(bodies, text):
    Body.objects.filter(name="road").update(order=7)
    Body.objects.filter(name="water").update(order=77)
    assert found(text, number_field="order") == {"road"}


def test_match_finds_a_code_exactly(bodies):
    Body.objects.filter(name="road").update(short_name="2026-0001")
    assert found("2026-0001", code_field="short_name") == {"road"}


def test_match_keeps_order_and_limit(bodies):
    rows = search.match(Body.objects.order_by("-pk"), "农村")
    assert [row.name for row in rows[:1]] == ["road"]
