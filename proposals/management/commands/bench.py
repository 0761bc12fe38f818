"""bench: the benchmark table as JSON lines."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import measuring
from members.models import RoleGrant, User
from proposals import bench, bulk
from proposals.models import Proposal


class Command(BaseCommand):
    """Fills the database step by step to each size, measures the pages there, then the sweep."""

    help = "测速：每个规模测清单、筛选、查找、单件、表单和提醒，逐行打印 JSON。会清空期限，只在专用的库上运行。"

    def add_arguments(self, parser):
        """The sizes to measure at, and the sweep's size."""
        parser.add_argument("--sizes", default="8000,250000")
        parser.add_argument("--open-tasks", type=int, default=100_000)
        parser.add_argument("--due", type=int, default=5_000)

    def handle(self, *args, sizes: str, open_tasks: int, due: int, **options):
        """Print one line for each measure as soon as it is taken."""
        if not settings.DATABASES["default"]["NAME"].startswith(("bench", "test_bench")):
            raise CommandError("bench 会改动数据，只在名字以 bench 开头的库上运行。")
        settings.DEBUG = False
        user = self._clerk()
        for size in sorted(int(part) for part in sizes.split(",")):
            missing = size - Proposal.objects.count()
            if missing > 0:
                bulk.seed(missing, key=size, today=timezone.localdate(), progress=lambda n: self.stderr.write(f"{n}"))
            for row in measuring.table(bench.pages(user)):
                self.stdout.write(json.dumps(row, ensure_ascii=False))
        for row in measuring.table(bench.sweep(open_tasks, due)):
            self.stdout.write(json.dumps(row, ensure_ascii=False))

    def _clerk(self) -> User:
        """A clerk of the proposals office, who sees the most."""
        user, created = User.objects.get_or_create(username="bench-clerk", defaults={"name": "测速"})
        if created:
            RoleGrant.objects.create(user=user, role="proposal_clerk")
        return user
