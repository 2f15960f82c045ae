"""Owns the command for somebody who lost both the second factor and the spare codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from courts.accounts.services.second_factors import end
from courts.models import User


class Command(BaseCommand):
    """Ask an account for no second factor any more; it can set another up."""

    help = "End the second factor of an account, whose owner was seen in person."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add whose it is."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """End it, or say that there is none."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None or not end(user, None):
            raise CommandError(_("没有这个账号，或者它没有第二验证。"))
        self.stdout.write(_("已取消第二验证。"))
