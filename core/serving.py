"""The real web server for measurements under load 压力: as operations run it, on the loopback address."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

START_SECONDS = 60


@contextmanager
def web_server(workers: int, threads: int) -> Iterator[tuple[int, int]]:
    """The site on a port of the loopback address until the block ends; port and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "hanbin_cppcc.wsgi", "--no-control-socket", "--bind", f"127.0.0.1:{port}",
        "-k", "gthread", "--workers", str(workers), "--threads", str(threads), "--log-level", "warning",
    ]  # fmt: skip
    # One trusted proxy, so that each person of the load comes from an address of his own.
    env = os.environ | {"TRUSTED_PROXIES": "1"}
    child = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env)  # noqa: S603 (our own words)
    try:
        _wait(child, port)
        yield port, child.pid
    finally:
        child.terminate()
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()


def cpu_seconds(process: int) -> float:
    """What a process and its children have computed so far; it tells more than the clock on a machine that is shared."""
    found, ticks = 0, os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{process}/task/{process}/children")
    for pid in (str(process), *(children.read_text().split() if children.exists() else ())):
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            found += int(fields[11]) + int(fields[12])
    return found / ticks


def _wait(child: subprocess.Popen, port: int) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if child.poll() is not None:
            raise CommandError(f"gunicorn 没有起来，退出码{child.returncode}。")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise CommandError("gunicorn 没有在一分钟里起来。")
