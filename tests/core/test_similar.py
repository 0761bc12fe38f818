"""Records that say much the same 相似查找."""

import pytest

from core import similar
from core.models import SimilarTerm

pytestmark = pytest.mark.django_db
KIND = "test.text"
TEXTS = [
    (1, "关于加强农村集中供水管护的建议", "北山集镇枯水期断水，供水站管护人员不足，水管老化漏损，建议落实管护经费。"),
    (2, "关于增设养老服务站的建议", "城区老年人吃饭难，社区食堂少，建议增设助餐点和日间照料中心。"),
    (3, "关于魔芋种源保护的建议", "魔芋软腐病多发，种芋退化，建议建设良种繁育基地。"),
]


def test_reworded_text_finds_its_original_first():
    similar.index_many(KIND, TEXTS)
    hits = similar.find(KIND, "山区供水站缺人管护", "枯水期集镇经常断水，管护经费没有落实，漏损严重")
    assert hits[0].id == 1
    assert 0 < hits[0].score <= 1
    assert {"供水", "管护"} & set(hits[0].shared_terms)
    assert similar.find(KIND, "山区供水站缺人管护", "枯水期断水", without=1) == [] or hits[0].score > 0.1


def test_text_itself_scores_one_and_others_follow():
    similar.index_many(KIND, TEXTS)
    hits = similar.find(KIND, *TEXTS[2][1:])
    assert (hits[0].id, hits[0].score) == (3, 1.0)
    assert all(hit.score < 1 for hit in hits[1:])


def test_index_again_replaces_and_remove_forgets():
    similar.index_many(KIND, TEXTS)
    similar.index_many(KIND, [(1, "关于校园食堂的建议", "学生午餐")])
    assert 1 not in [hit.id for hit in similar.find(KIND, "供水", "供水站管护")]
    terms = SimilarTerm.objects.filter(kind=KIND, subject_id=1).values_list("term", flat=True)
    assert set(terms) == {"关于", "校园", "食堂", "建议", "学生", "午餐"}


def test_empty_text_and_numbers_find_nothing():
    similar.index_many(KIND, TEXTS)
    assert similar.find(KIND, "", "") == []
    assert similar.find(KIND, "123", "，。！ 4 的") == []


@pytest.mark.parametrize("count", [3, 60])
def test_search_takes_three_queries_however_many_records(count, django_assert_num_queries):
    similar.index_many(KIND, ((pk, f"供水管护建议{pk}", "断水漏损") for pk in range(1, count + 1)))
    with django_assert_num_queries(3):
        assert len(similar.find(KIND, "供水管护", "断水")) == min(count, 10)
