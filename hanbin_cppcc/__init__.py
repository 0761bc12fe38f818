"""The project (汉滨区政协): settings, addresses, server and worker entry points."""

from hanbin_cppcc.celery import app as celery_app

__all__ = ["celery_app"]
