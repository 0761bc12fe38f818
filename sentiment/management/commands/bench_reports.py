"""bench_reports: the benchmark table of opinion reports as JSON lines."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import measuring
from members.models import Role, RoleGrant, User
from sentiment import bench, bulk
from sentiment.models import OpinionReport


class Command(BaseCommand):
    """Fills the database up to the size, then measures the pages there."""

    help = "测速：社情民意的清单、筛选、查找、单件和表单，逐行打印 JSON。只在专用的库上运行。"

    def add_arguments(self, parser):
        """The size to measure at."""
        parser.add_argument("--reports", type=int, default=100_000)

    def handle(self, *args, reports: int, **options):
        """Print one line for each measure as soon as it is taken."""
        if not settings.DATABASES["default"]["NAME"].startswith(("bench", "test_bench")):
            raise CommandError("bench_reports 会改动数据，只在名字以 bench 开头的库上运行。")
        settings.DEBUG = False
        user, created = User.objects.get_or_create(username="bench-editor", defaults={"name": "测速"})
        if created:
            RoleGrant.objects.create(user=user, role=Role.INFO_EDITOR)
        missing = reports - OpinionReport.objects.count()
        if missing > 0:
            bulk.seed(missing, key=reports, today=timezone.localdate(), progress=lambda n: self.stderr.write(f"{n}"))
        for row in measuring.table(bench.pages(user)):
            self.stdout.write(json.dumps(row, ensure_ascii=False))
