"""Personal data at rest 静态加密: what is stored unreadable, and what is stored only as a digest.

The keys are ``settings.DATA_KEYS``: the first encrypts, all decrypt, so a key can be changed
without a day on which nobody can read. Without keys of their own they follow from SECRET_KEY.
"""

import base64
import hashlib
import hmac
import logging
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

logger = logging.getLogger(__name__)

MARK = "enc1:"
"""Begins every encrypted text; a text without it was stored before encryption and is read as it is."""


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"data:{key}".encode()).digest())) for key in keys]
    )


def encrypt(text: str) -> str:
    """``text`` as it may be stored; an empty one stays empty, an encrypted one stays as it is."""
    if not text or text.startswith(MARK):
        return text
    return MARK + _box(tuple(settings.DATA_KEYS)).encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """What was encrypted; empty, with a line in the log, when none of the keys fits."""
    if not stored.startswith(MARK):
        return stored
    try:
        return _box(tuple(settings.DATA_KEYS)).decrypt(stored[len(MARK) :].encode()).decode()
    except InvalidToken:
        logger.error("stored personal data cannot be read with the present DATA_KEY")
        return ""


def digest(value: str, purpose: str) -> str:
    """A keyed fingerprint of a value: equal values can be counted, none can be read back; 64 hex digits."""
    key = hashlib.sha256(f"digest:{settings.DATA_KEYS[-1]}".encode()).digest()
    return hmac.new(key, f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()
