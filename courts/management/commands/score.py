"""Owns the command that scores, ranks and explains a month."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from courts.frame.listing import enumerated
from courts.management.year_command import YearCommand
from courts.permissions import Basis
from courts.scores import printouts
from courts.scores.selectors.scores import MonthScores, month_scores
from courts.years.selectors.years import NoMonthError, courts_by_name, rulebook_of
from scoring.facts import Month
from scoring.results import Scorecard
from scoring.schema import Rulebook

FORMATS = {
    "table": printouts.as_table,
    "json": printouts.as_json,
    "csv": printouts.as_csv,
}


class Command(YearCommand):
    """Score a month for every court of the year, or one of them."""

    help = "Score a month: points, ranks, and with --explain the way to every point."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the month, what counts, how the notice is read, and what to print."""
        parser.add_argument("month", help="such as 2019-12")
        parser.add_argument("--format", choices=FORMATS, default="table")
        parser.add_argument("--basis", choices=Basis.values, default=Basis.VERIFIED.value)
        parser.add_argument(
            "--reading",
            nargs="+",
            action="extend",
            default=[],
            metavar="CODE=VALUE",
            help="another reading of the notice than the default, such as step=whole",
        )
        parser.add_argument("--court", help="only this court: its code or one of its names")
        parser.add_argument(
            "--explain", action="store_true", help="print the steps behind every point"
        )
        parser.add_argument(
            "--exact", action="store_true", help="add each item's value as a fraction n/d (json)"
        )
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the scores; nothing else goes to standard output.

        Standard error says whether they are those of a closed month's snapshot, or computed now.
        """
        if options["explain"] and options["format"] == "csv":
            raise CommandError(_("--explain 只用于 table 和 json 格式。"))
        if options["exact"] and options["format"] != "json":
            raise CommandError(_("--exact 只用于 json 格式。"))
        try:
            month = Month.parse(options["month"])
        except ValueError as error:
            text = _("“%(month)s”不是月份，应写作 2019-12。")
            raise CommandError(text % {"month": options["month"]}) from error
        year = self.find_year(options["year"], [month])
        readings = self._readings(options["reading"], rulebook_of(year))
        try:
            scores = month_scores(year, month, options["basis"], readings)
        except NoMonthError as error:
            raise CommandError(str(error)) from error
        cards = self._cards(scores, options["court"])
        if options["explain"] and options["format"] == "table":
            text = printouts.as_explanation(scores, cards)
        elif options["exact"]:
            text = printouts.as_json(scores, cards, exact=True)
        else:
            text = FORMATS[options["format"]](scores, cards)
        self.stderr.write(printouts.origin(scores))
        self.stdout.write(text.rstrip("\n"))

    def _readings(self, pairs: list[str], rulebook: Rulebook) -> dict[str, str]:
        readings: dict[str, str] = {}
        for pair in pairs:
            code, equals, value = pair.partition("=")
            if not (code and equals and value):
                text = _("“%(pair)s”应写作 代码=取值，如 step=whole。")
                raise CommandError(text % {"pair": pair})
            known = rulebook.reading_by_code.get(code)
            if known is None:
                text = _("没有解读“%(code)s”；有：%(known)s。")
                values = {"code": code, "known": enumerated(rulebook.reading_by_code)}
                raise CommandError(text % values)
            if value not in known.values:
                text = _("解读 %(code)s 没有取值“%(value)s”；有：%(known)s。")
                values = {"code": code, "value": value, "known": enumerated(known.values)}
                raise CommandError(text % values)
            if readings.setdefault(code, value) != value:
                raise CommandError(_("解读 %(code)s 给了两个不同的取值。") % {"code": code})
        return readings

    def _cards(self, scores: MonthScores, name: str | None) -> list[Scorecard]:
        cards = list(scores.scoreboard.scorecards)
        if name is None:
            return cards
        court = courts_by_name(scores.courts.values()).get(name)
        if court is None:
            text = _("没有法院“%(name)s”；有：%(codes)s。")
            raise CommandError(text % {"name": name, "codes": enumerated(scores.courts)})
        return [card for card in cards if card.court == court.code]
