"""Runs the whole site for development: web, worker and scheduler under one Ctrl-C (开发运行)."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections

from hanbin_cppcc import settings

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
LOGS = settings.DATA_DIR / "log"
START_SECONDS = 60


class EndRequestedError(Exception):
    """Somebody asked for the end: Ctrl-C, SIGTERM, or the caller is gone."""


def world_stamp() -> Path:
    """Return the file that says that this very database holds the demo world."""
    name = str(settings.DATABASES["default"]["NAME"])
    stamp = settings.DATA_DIR / f"demo-{hashlib.sha256(name.encode()).hexdigest()[:12]}.stamp"
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") and not Path(name).exists():
        stamp.unlink(missing_ok=True)
    return stamp


def prepare() -> None:
    """Bring the database up to date; fill it with the demo world on the first start.

    A changed DEMO_PASSWORD seeds again, which sets it and doubles nothing.
    """
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    LOGS.mkdir(exist_ok=True)
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    stamp, password = world_stamp(), os.environ.get("DEMO_PASSWORD", "")
    seeded_with = hashlib.sha256(password.encode()).hexdigest()
    django.setup()
    from core import health

    call_command("migrate", verbosity=0, skip_checks=True)
    if stamp.exists() and stamp.read_text() == seeded_with:
        call_command("demo_accounts")
    else:
        print("Building the demo world …", flush=True)
        call_command("seed_demo")
        stamp.write_text(seeded_with)
    health.forget()
    connections.close_all()


def commands(port: int) -> dict[str, list[str]]:
    """Return the three processes by name."""
    gunicorn = ["-m", "gunicorn", "hanbin_cppcc.wsgi", "--no-control-socket"]
    celery = ["-m", "celery", "-A", "hanbin_cppcc"]
    return {
        "web": [*gunicorn, "--bind", f"{HOST}:{port}", "-k", "gthread", "--threads", "8"],
        "worker": [
            *celery, "worker", "--concurrency", "2", "--loglevel", "INFO",
            "--without-mingle", "--without-gossip",
        ],
        "beat": [
            *celery, "beat", "--loglevel", "INFO", "--pidfile", "",
            "--schedule", str(settings.DATA_DIR / "beat-schedule"),
        ],
    }  # fmt: skip


def start(name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
    """Start one process in a session of its own, its output in var/log/<name>.log."""
    env = os.environ | {"PLAIN_ERRORS": "1"}  # people see the site's own pages, also where something is missing
    command = [sys.executable, *arguments]
    with (LOGS / f"{name}.log").open("wb") as log:
        return subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)


def check_alive(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """End everything when one process has ended by itself, and show its last words."""
    for name, child in children.items():
        if child.poll() is not None:
            words = (LOGS / f"{name}.log").read_text(errors="replace").splitlines()[-20:]
            raise SystemExit(f"{name} ended with code {child.returncode}:\n" + "\n".join(words))


def ready(port: int) -> bool:
    """Whether /readyz finds database, broker and worker up."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=3) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask each process to end, and after ten seconds make it."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    limit = time.monotonic() + 10
    for child in children.values():
        try:
            child.wait(timeout=max(0.1, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def on_signal(number: int, frame: object) -> None:
    """Turn a signal into the orderly end."""
    raise EndRequestedError


def main() -> int:
    """Prepare, start, say `ready`, and wait for the end."""
    if not settings.DEBUG:
        sys.exit("make run is for development (DEBUG=1); for production see docs/operations.md")
    port = int(os.environ.get("PORT") or 8000)
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            sys.exit(f"Port {port} is taken; choose another: make run PORT={port + 1}")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    parent = os.getppid()
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        prepare()
        for name, arguments in commands(port).items():
            children[name] = start(name, arguments)
        limit = time.monotonic() + START_SECONDS
        while not ready(port):
            check_alive(children)
            if time.monotonic() > limit:
                raise SystemExit(f"not ready after {START_SECONDS} s; see {LOGS}")
            time.sleep(0.2)
        print(f"Logs: {LOGS}   End: Ctrl-C\nready http://{HOST}:{port}/", flush=True)
        # When make is killed outright, nobody is left to press Ctrl-C.
        while "MAKELEVEL" not in os.environ or os.getppid() == parent:
            check_alive(children)
            time.sleep(0.5)
    except EndRequestedError:
        print("\nStopping …", flush=True)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        stop(children)
    return 0


if __name__ == "__main__":
    sys.exit(main())
