"""``manage.py verify_audit``: walk the chain of the operation log 操作记录 and name every fault."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import audit

BROKEN = 1


class Command(BaseCommand):
    """Exit 0 and the chain's end, or 1 and every broken entry named."""

    help = "核对操作记录的散列链：完整则打印链尾，否则逐条指出改动、插入、缺失和截短。"

    def add_arguments(self, parser: CommandParser) -> None:
        """``--root``: an earlier end of the chain, kept elsewhere, that must still be in it."""
        parser.add_argument("--root", metavar="HASH", help="先前留存的链尾")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify; whoever runs it by cron keeps the printed root outside the database."""
        faults = audit.verify(options["root"])
        if not faults:
            self.stdout.write(audit.root_hash())
            return
        for fault in faults:
            self.stdout.write(f"{fault.seq}\t{fault.kind}\t{fault.message}")
        raise SystemExit(BROKEN)
