"""``open_account USERNAME NAME [--role sysadmin]``: the first administrator of a new installation.

Prints an activation link; nobody, not even the operator, learns the password. For a person who
lost his password it makes a new link.
"""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from core.errors import Refusal
from members.models import Role, User
from members.services import accounts


class Command(BaseCommand):
    """Open an account from the machine itself, and print its activation link."""

    help = "Open an account (or renew its link) and print the activation link."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and which of the three administrators, if any."""
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("--role", choices=[Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR])
        parser.add_argument("--site", default="https://…", help="the site's address, to print a whole link")

    def handle(self, *args, username: str, name: str, role: str | None, site: str, **options) -> None:
        """Open the account if it is new, grant the role if it lacks it, and make a link."""
        try:
            user = User.objects.filter(username=username).first() or accounts.open_account(
                username, actor=None, name=name
            )
            if role and not user.has_role(role):
                accounts.grant_role(user, actor=None, role=role)
            secret = accounts.make_link(user, actor=None)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.name}（{user.username}）的开通链接，只能用一次：")
        self.stdout.write(site.rstrip("/") + reverse("accounts:activate", args=[secret]))
