"""Who takes part 参与者代号: from a member or from a resident's token to a key without a name."""

import hashlib
import hmac
import secrets

from django.conf import settings

from consultations.models import Deliberation, Participant


def new_token() -> str:
    """A resident's token, kept in his browser only."""
    return secrets.token_urlsafe(18)


def member_key(deliberation: Deliberation, member_id: int) -> str:
    """The key of a member; without the deliberation's salt, thrown away at closing, nobody finds it again."""
    return _key(f"{deliberation.pk}:{deliberation.salt}:m{member_id}")


def token_key(deliberation: Deliberation, token: str) -> str:
    """The key of a resident; another one in each deliberation."""
    return _key(f"{deliberation.pk}:t{token}")


def find(deliberation: Deliberation, key: str) -> Participant | None:
    """The participant of a key who has taken part already."""
    return Participant.objects.filter(deliberation=deliberation, key=key).first()


def enter(deliberation: Deliberation, key: str, *, is_member: bool) -> Participant:
    """The participant of a key; made at his first act, once however many requests arrive together."""
    row, _ = Participant.objects.get_or_create(deliberation=deliberation, key=key, defaults={"is_member": is_member})
    return row


def order_of(key: str, opinion_id: int) -> bytes:
    """The place of an opinion in the random order of one participant, the same at every reload."""
    return hashlib.blake2b(f"{key}:{opinion_id}".encode(), digest_size=8).digest()


def _key(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
