"""Facts about the running request that deep code may ask for without seeing ``request``."""

from contextvars import ContextVar

_client_ip: ContextVar[str] = ContextVar("client_ip", default="")


def client_ip() -> str:
    """The address the present request came from; empty outside a request."""
    return _client_ip.get()


def set_client_ip(value: str) -> None:
    """Remember the address for the duration of a request."""
    _client_ip.set(value)
