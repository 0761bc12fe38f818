"""``demo_accounts``: print who can sign in to the demo world, and its password."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from members.demo.people import ACCOUNTS, demo_password
from members.models import User


class Command(BaseCommand):
    """Print the demo accounts; refuses outside development."""

    help = "Print the demo accounts and their password (development only)."

    def handle(self, *args, **options) -> None:
        """One line per account, then the password."""
        if not settings.DEBUG:
            raise CommandError("演示账号只在开发环境（DEBUG=1）有。")
        print_accounts(self.stdout)


def print_accounts(out) -> None:
    """Write the accounts that exist with their roles in words."""
    users = {user.username: user for user in User.objects.prefetch_related("role_grants")}
    for demo in ACCOUNTS:
        if user := users.get(demo.username):
            roles = "、".join(grant.get_role_display() for grant in user.role_grants.all())
            out.write(f"  {demo.username:<16}{user.name}　{roles}")
    out.write(f"  password        {demo_password()}")
