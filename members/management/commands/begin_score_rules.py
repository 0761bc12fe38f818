"""``begin_score_rules``: put the first scoring rules 计分办法 into force on a new installation."""

from typing import Any

from django.core.management.base import BaseCommand

from members.services import score_rules


class Command(BaseCommand):
    """The first versions for members and studios, where there is none; says how many it made."""

    help = "没有计分办法时，施行系统自带的第1版（委员积分、工作室考核）。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Begin, or leave what is there."""
        made = score_rules.begin_rules()
        self.stdout.write(f"施行了{made}份办法。" if made else "已有计分办法，没有改动。")
