"""bench_sessions: the benchmark table of sessions as JSON lines."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consultations import bench, bulk
from consultations.models import Consultation
from core import measuring
from members.models import Role, RoleGrant, User


class Command(BaseCommand):
    """Fills the database up to the size, then measures the pages there."""

    help = "测速：协商的清单、筛选、查找和单件，逐行打印 JSON。只在专用的库上运行。"

    def add_arguments(self, parser):
        """The size to measure at."""
        parser.add_argument("--sessions", type=int, default=10_000)

    def handle(self, *args, sessions: int, **options):
        """Print one line for each measure as soon as it is taken."""
        if not settings.DATABASES["default"]["NAME"].startswith(("bench", "test_bench")):
            raise CommandError("bench_sessions 会改动数据，只在名字以 bench 开头的库上运行。")
        settings.DEBUG = False
        user, created = User.objects.get_or_create(username="bench-liaison", defaults={"name": "测速"})
        if created:
            RoleGrant.objects.create(user=user, role=Role.LIAISON)
        missing = sessions - Consultation.objects.count()
        if missing > 0:
            bulk.seed(missing, key=sessions, today=timezone.localdate(), progress=lambda n: self.stderr.write(f"{n}"))
        for row in measuring.table(bench.pages(user)):
            self.stdout.write(json.dumps(row, ensure_ascii=False))
