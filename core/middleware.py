"""Middleware of the common floor."""

from django.conf import settings

from core.context_vars import set_client_ip


class ClientAddressMiddleware:
    """Keep the visitor's address at hand for the operation log.

    Behind ``settings.TRUSTED_PROXIES`` proxies, the address is the entry of X-Forwarded-For that
    the outermost trusted proxy wrote; a header sent by the visitor himself is never believed.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Set the address, answer, forget the address."""
        set_client_ip(visitor_address(request))
        try:
            return self.get_response(request)
        finally:
            set_client_ip("")


def visitor_address(request) -> str:
    """The visitor's address as far as trusted proxies vouch for it."""
    hops = getattr(settings, "TRUSTED_PROXIES", 0)
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if hops and len(chain) >= hops:
        return chain[-hops][:45]
    return request.META.get("REMOTE_ADDR", "")[:45]
