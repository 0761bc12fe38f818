"""What every test may lean on: servers, a real Celery worker, a browser, and a fair account."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import serializers
from django.db import connection, transaction
from pytest_django.plugin import blocking_manager_key

ROOT = Path(__file__).resolve().parent.parent
NOT_HERE = "cannot run here: "

NEEDS = {
    "postgres": ("TEST_DATABASE_URL", "no PostgreSQL (TEST_DATABASE_URL)"),
    "worker": ("TEST_REDIS_URL", "no Redis (TEST_REDIS_URL)"),
    "browser": ("TEST_BROWSER", "no browser (TEST_BROWSER)"),
}

# Playwright's event loop runs in the test's thread, where Django would refuse its own queries.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


# --- What could not run is said by name, and fails where CI=true -----------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark browser tests by their fixtures, and skip what this machine has no server for."""
    for item in items:
        if {"page", "browser", "context"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
        if "celery_worker" in getattr(item, "fixturenames", ()):
            item.add_marker("worker")
            item.add_marker("postgres")
        for marker, (variable, reason) in NEEDS.items():
            if item.get_closest_marker(marker) and not os.environ.get(variable):
                item.add_marker(pytest.mark.skip(reason=NOT_HERE + reason))


def _not_run(reporter: Any) -> list[str]:
    """Name the tests that were skipped for want of a server, each with its reason."""
    return sorted(
        f"{report.nodeid}: {report.longrepr[2]}"
        for report in reporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and NOT_HERE in report.longrepr[2]
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List at the end what could not run on this machine."""
    if missing := _not_run(terminalreporter):
        terminalreporter.section(f"{len(missing)} tests could not run here")
        for line in missing:
            terminalreporter.line(line)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With CI=true a test that could not run fails the whole run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and exitstatus == 0 and os.environ.get("CI") == "true" and _not_run(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    """The first process removes the folder that held uploads and SQLite files."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.get("TEST_SCRATCH_DIR", ""), ignore_errors=True)


# --- Every test starts without what the last one remembered ----------------------------------


@pytest.fixture(autouse=True)
def _forget_cached() -> None:
    """Empty the caches that live longer than a test."""
    from django.core.cache import cache

    cache.clear()
    if find_spec("core.options"):
        from core import options

        options.clear_cache()


# --- Reference rows outlive a flushed database -----------------------------------------------
# Migrations bring the calendar and the reference lists. A test in real transactions ends by
# emptying every table, and would leave the tests after it without them.

_reference_rows = pytest.StashKey[list[Any]]()


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the test database as ever, and remember the rows that migrations brought."""
    with django_db_blocker.unblock():
        rows = connection.creation.serialize_db_to_string()
    request.config.stash[_reference_rows] = [
        entry.object
        for entry in serializers.deserialize("json", rows)
        # Django makes its own content types and permissions anew after each flush.
        if entry.object._meta.app_label not in {"contenttypes", "auth"}
    ]
    yield
    _restore_reference_rows(request.config)  # for the next run, where the database is kept


def _restore_reference_rows(config: pytest.Config) -> None:
    """Write those rows that migrations brought and that are gone."""
    with config.stash[blocking_manager_key].unblock():
        with transaction.atomic():
            for model, rows in groupby(config.stash[_reference_rows], key=type):
                model._base_manager.bulk_create(rows, ignore_conflicts=True)
        connection.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Bring the reference rows back after a test that flushed the database."""
    yield
    marker = item.get_closest_marker("django_db")
    flushed = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    if nextitem and (flushed or (marker and marker.kwargs.get("transaction"))):
        _restore_reference_rows(item.config)


# --- A real worker ---------------------------------------------------------------------------


class Worker:
    """A `celery worker` process on this test's database and on the real broker."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, seconds: float = 30) -> None:
        """Start the process and wait until it takes tasks."""
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_WORKER_DATABASE": str(connection.settings_dict["NAME"]),
        }
        command = [sys.executable, "-m", "celery", "-A", "hanbin_cppcc", "worker"]
        command += ["--pool", "prefork", "--concurrency", "1", "--loglevel", "INFO"]
        command += ["--without-gossip", "--without-mingle", "--hostname", f"test-{os.getpid()}@%h"]
        written = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
        process = self.process
        wait_until(
            lambda: process.poll() is not None or b" ready." in self.log.read_bytes()[written:],
            seconds=seconds,
            what=self.output,
        )
        assert process.poll() is None, self.output()

    def stop(self) -> None:
        """Ask the worker to end in good order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the worker and its children at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)
            self.process.wait(timeout=20)

    def output(self) -> str:
        """Return what the worker has written so far."""
        return self.log.read_text(errors="replace")


def wait_until(condition: Callable[[], Any], *, seconds: float = 15, what: Callable[[], str] | str = "") -> Any:
    """Return the condition's first true answer, or fail with `what` after so many seconds."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if answer := condition():
            return answer
        time.sleep(0.1)
    pytest.fail(f"not reached after {seconds:.0f} s: {what() if callable(what) else what}")


@pytest.fixture
def empty_broker() -> None:
    """Throw away what earlier tests left in this process's queue."""
    from hanbin_cppcc.celery import app

    with app.connection_for_write() as broker:
        broker.default_channel.client.flushdb()


@pytest.fixture
def absent_broker() -> Iterator[None]:
    """Send this process's messages to a port at which nobody listens."""
    from kombu import pools

    from hanbin_cppcc.celery import app

    def send_to(address: str | None, written: str | None) -> None:
        app.conf.broker_url, app.conf.broker_write_url = address, written
        pools.reset()  # open connections go on to the old address, closed pools to none
        app._after_fork()

    before = app.conf.broker_url, app.conf.broker_write_url
    send_to("redis://127.0.0.1:1/0", "redis://127.0.0.1:1/0")
    yield
    send_to(*before)


@pytest.fixture
def celery_worker(transactional_db: None, empty_broker: None, tmp_path: Path) -> Iterator[Worker]:
    """A running worker; the test may `kill()` it and `start()` it again."""
    worker = Worker(tmp_path / "worker.log")
    worker.start()
    yield worker
    worker.stop()


# --- The browser -----------------------------------------------------------------------------

SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the machine's own Chromium, quietly and without asking the network."""
    return {
        "executable_path": os.environ.get("TEST_BROWSER"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """The office's desktop: Chinese, Shanghai time, 1280 px wide unless the page is resized."""
    return {
        "locale": "zh-CN",
        "timezone_id": settings.TIME_ZONE,
        "viewport": SIZES["desktop"],
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """`axe(page)` fails with every accessibility rule that the page breaks, and where.

    The script is evaluated rather than added as a tag, which the page's own CSP would refuse.
    """
    import axe_playwright_python

    script = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

    def check(page: Any) -> None:
        page.evaluate(script)
        found = page.evaluate("axe.run().then(result => result.violations)")
        told = [
            f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]}"
            for rule in found
            for node in rule["nodes"]
        ]
        assert not told, f"{page.url}\n" + "\n".join(told)

    return check
