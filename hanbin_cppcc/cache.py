"""A Redis cache whose absence slows the site instead of stopping it (缓存)."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _or(fallback: Any, call: Callable[[], Any]) -> Any:
    """Return what `call` gives, or `fallback` when Redis cannot be reached."""
    try:
        return call()
    except RedisError as error:
        logger.warning("The cache is unreachable: %s", error)
        return fallback


class TolerantClient(RedisCacheClient):
    """Answers like an empty cache while Redis cannot be reached."""

    def add(self, key: Any, value: Any, timeout: Any) -> Any:
        return _or(True, lambda: super(TolerantClient, self).add(key, value, timeout))

    def get(self, key: Any, default: Any) -> Any:
        return _or(default, lambda: super(TolerantClient, self).get(key, default))

    def set(self, key: Any, value: Any, timeout: Any) -> Any:
        return _or(None, lambda: super(TolerantClient, self).set(key, value, timeout))

    def incr(self, key: Any, delta: Any) -> Any:
        return _or(0, lambda: super(TolerantClient, self).incr(key, delta))

    def touch(self, key: Any, timeout: Any) -> Any:
        return _or(False, lambda: super(TolerantClient, self).touch(key, timeout))

    def delete(self, key: Any) -> Any:
        return _or(False, lambda: super(TolerantClient, self).delete(key))

    def get_many(self, keys: Any) -> Any:
        return _or({}, lambda: super(TolerantClient, self).get_many(keys))

    def set_many(self, data: Any, timeout: Any) -> Any:
        return _or(None, lambda: super(TolerantClient, self).set_many(data, timeout))

    def delete_many(self, keys: Any) -> Any:
        return _or(None, lambda: super(TolerantClient, self).delete_many(keys))


class TolerantRedisCache(RedisCache):
    """Django's Redis cache with the tolerant client."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = TolerantClient
