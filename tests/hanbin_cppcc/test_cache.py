"""The production cache answers like an empty one while Redis is away."""

import pytest

from hanbin_cppcc.cache import TolerantRedisCache

OPTIONS = {"OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}}


@pytest.fixture
def absent() -> TolerantRedisCache:
    """A cache whose server is not there."""
    return TolerantRedisCache("redis://127.0.0.1:1/0", OPTIONS)


def test_absent_cache_answers_like_an_empty_one(absent: TolerantRedisCache) -> None:
    absent.set("a", 1)
    absent.set_many({"b": 2})
    assert absent.get("a", "nothing") == "nothing"
    assert absent.get_many(["a", "b"]) == {}
    assert absent.add("a", 1) is True
    assert absent.touch("a") is False
    assert absent.delete("a") is False
    absent.delete_many(["a", "b"])


@pytest.mark.worker
def test_present_cache_remembers(settings) -> None:
    present = TolerantRedisCache(settings.REDIS_URL, OPTIONS | {"KEY_PREFIX": "test"})
    present.set("a", {"x": 1})
    assert present.get("a") == {"x": 1}
    present.delete("a")
    assert present.get("a") is None
