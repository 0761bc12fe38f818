"""The Celery application that runs tasks outside a request (后台任务)."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import heartbeat_sent, worker_ready
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanbin_cppcc.settings")

app = Celery("hanbin_cppcc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def make_broker_folders(**kwargs: Any) -> None:
    """Make the folders that the file-system broker of development expects to find."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    for key in ("data_folder_in", "control_folder"):
        if key in options:
            Path(str(options[key])).mkdir(parents=True, exist_ok=True)


@worker_ready.connect
@heartbeat_sent.connect
def leave_sign_of_life(**kwargs: Any) -> None:
    """Let /readyz know that a worker is alive."""
    from core import health

    health.beat()
