"""bench_votes: the load of an online deliberation on a real web server, and whether every vote is there once."""

import json
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
from django.core.management.base import BaseCommand, CommandError

from consultations import vote_load

OPINIONS = 25
START_SECONDS = 60
LIMIT_MS = 1000.0
"""How long a vote may take at the pace that the committee reckons with, for 95 of 100."""


class Command(BaseCommand):
    """Starts gunicorn on the loopback address, votes at a pace and then as fast as it takes them, and judges."""

    help = "测速：每分钟1000票、连投5分钟，再不限速投一轮，逐行打印 JSON；丢一票、重一票就报错。只在专用的库上运行。"

    def add_arguments(self, parser):
        """How long and how fast; the processes and threads of the web server."""
        parser.add_argument("--minutes", type=float, default=5)
        parser.add_argument("--a-minute", type=int, default=1000)
        parser.add_argument("--burst", type=int, default=2500, help="不限速的一轮投多少票")
        parser.add_argument("--workers", type=int, default=3)
        parser.add_argument("--threads", type=int, default=4)

    def handle(self, *args, minutes: float, a_minute: int, burst: int, workers: int, threads: int, **options):
        """Print one line for each round as soon as it is over."""
        database = settings.DATABASES["default"]
        if not str(database["NAME"]).startswith(("bench", "test_bench")) or "postgresql" not in database["ENGINE"]:
            raise CommandError("bench_votes 会改动数据，只在名字以 bench 开头的 PostgreSQL 库上运行。")
        problems = []
        with web_server(workers, threads) as (port, child):
            for name, number, pace in (
                ("votes_paced", round(minutes * a_minute), a_minute),
                ("votes_burst", burst, None),
            ):
                people = max(2, round(number / OPINIONS))
                row, opinions, members = vote_load.world(people, OPINIONS)
                them = vote_load.everybody(row, members, people - len(members), port)
                votes = vote_load.ballots(them, opinions, seed=number)
                before = cpu_seconds(child)
                told = vote_load.run(votes, port, a_minute=pace)
                line = vote_load.line(name, told, vote_load.judge(row, votes))
                line["web_cpu_ms"] = round((cpu_seconds(child) - before) * 1000 / len(votes), 1)
                self.stdout.write(json.dumps(line, ensure_ascii=False))
                self.stdout.flush()
                problems += [f"{name}：{what}={line[what]}" for what in FAULTS if line[what]]
                if pace and line["p95"] > LIMIT_MS:
                    problems.append(f"{name}：p95={line['p95']}ms，上限{LIMIT_MS:.0f}ms")
        if problems:
            raise CommandError("；".join(problems))


FAULTS = ("lost", "doubled", "otherwise", "miscounted", "refused")


@contextmanager
def web_server(workers: int, threads: int) -> Iterator[tuple[int, int]]:
    """The site on a port of the loopback address, as operations run it, until the block ends; port and process."""
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
