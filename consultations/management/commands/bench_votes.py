"""bench_votes: the load of an online deliberation on a real web server, and whether every vote is there once."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consultations.deliberation import vote_load
from core.serving import cpu_seconds, web_server

OPINIONS = 25
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
