"""Owns the command that adds the demonstration: made-up figures and accounts."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from courts.management.year_command import YearCommand
from courts.scores.printouts import aligned
from courts.setup.services.ballot_samples import DemoCard, make_demo_ballot
from courts.setup.services.demo import PASSWORD, make_demo
from courts.setup.services.demo_issues import make_demo_issues


class Command(YearCommand):
    """Add a year of made-up figures, plainly marked, and demo accounts; development only."""

    help = "Add made-up figures and accounts to look around with; refuses to run without DEBUG."

    def add_arguments(self, parser: CommandParser) -> None:
        """An address to name at the end, where somebody starts a server next."""
        super().add_arguments(parser)
        parser.add_argument("--address", default="", help="where the server will be")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add what is missing and print the accounts."""
        if not settings.DEBUG:
            raise CommandError(
                _("演示数据和演示账号（密码公开）只供开发使用，须设 DEBUG=1 才能运行。")
            )
        year = self.find_year(options["year"])
        result = make_demo(year=year)
        values = {
            "code": year.code,
            "year": year.year,
            "returns": result.returns,
            "figures": result.figures,
            "password": PASSWORD,
        }
        if result.returns:
            text = _("%(code)s：已加入演示报表%(returns)s张、演示数据%(figures)s项。")
            self.stdout.write(text % values)
        elif result.has_real:
            self.stderr.write(_("%(code)s：%(year)s 年已有真实数据，没有加入演示数据。") % values)
        else:
            self.stdout.write(_("%(code)s：演示数据已在，未作改动。") % values)
        rows = [
            [account.username, account.name, account.role, "" if account.is_new else _("已有")]
            for account in result.accounts
        ]
        self.stdout.write("\n".join(aligned([[_("账号"), _("姓名"), _("角色"), ""], *rows])))
        self.stdout.write(_("以上演示账号的密码均为 %(password)s") % values)
        if not result.has_real:
            made = make_demo_issues(year=year)
            if made.issues:
                text = _("演示关账和通报：%(months)s个月、%(issues)s期，其中一个月已更正。")
                self.stdout.write(text % asdict(made))
            self._print_cards(make_demo_ballot(year=year))
        if options["address"] and result.accounts:
            first = values | {"address": options["address"]}
            first["username"] = result.accounts[0].username
            text = _("打开 %(address)s ，用以上任一账号登录，例如 %(username)s，密码 %(password)s")
            self.stdout.write(text % first)

    def _print_cards(self, cards: Sequence[DemoCard]) -> None:
        """The key cards of the demonstration's vote; a real one is on paper in an envelope."""
        for card in cards:
            self.stdout.write(_("演示密钥卡 %(name)s（%(username)s）") % asdict(card))
            self.stdout.write(f"  {card.digits}  {card.check}")
