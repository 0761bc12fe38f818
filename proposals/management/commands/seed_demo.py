"""``seed_demo [--stage empty|imported|full]``: the demo world 演示环境 for development.

``empty``: reference lists, terms, offices, accounts. ``imported``: also the 2022 papers. ``full``
(the default): also this year's cases, one or more in every stage of the life cycle, and what
members, studios and other apps do meanwhile. Running it again adds what is missing and doubles nothing.
"""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.papers.importing import folder_sources, import_papers
from core.seeds import calendar
from members.demo import duty as demo_duty
from members.demo import parts as demo_parts
from members.demo import people as demo
from members.services import duty, score_rules, scores
from proposals import recommending
from proposals.management.commands.demo_accounts import print_accounts
from proposals.seeds import load_reference

PAPERS = settings.BASE_DIR / "data" / "hanbin-2022"


class Command(BaseCommand):
    """Fill a development database with the demo world."""

    help = "Build the demo world (development only)."

    def add_arguments(self, parser) -> None:
        """How far to go."""
        parser.add_argument("--stage", choices=["empty", "imported", "full"], default="full")

    def handle(self, *args, stage: str, **options) -> None:
        """Go through the stages in order; refuses outside development."""
        if not settings.DEBUG:
            raise CommandError("演示环境只能在开发环境（DEBUG=1）生成；生产环境请从 import_papers 开始。")
        today = timezone.localdate()
        calendar.load()
        load_reference()
        demo.seed_terms(today)
        demo.seed_offices()
        score_rules.begin_rules()
        password = demo.demo_password()
        if stage != "empty":
            self._import(2022)
        demo.seed_accounts(password)
        if stage == "full":
            from proposals.demo import cases as demo_cases
            from proposals.demo import register as demo_register

            made = demo_register.seed(today)
            self.stdout.write(f"上次会议和本次会议的演示登记册：新建{made}件。")
            made = demo_cases.seed(today)
            self.stdout.write(f"本年度演示提案：新建{made}件。")
            demo_duty.seed(today)
            for part in demo_parts.parts():
                part(today)
        duty.catch_up()
        scores.compute_open_years()
        recommending.learn()
        print_accounts(self.stdout)

    def _import(self, year: int) -> None:
        # By the machine's operator: no single office may import papers of every kind.
        result = import_papers(folder_sources(PAPERS), year=year, actor=None)
        read = sum(file.created + file.updated + file.unchanged for file in result.files.values())
        self.stdout.write(f"{year}年底稿：{read}行已在库中。")
