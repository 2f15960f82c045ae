"""Owns the command that writes the workbook of a month."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from courts.management.year_command import YearCommand
from courts.takeaways.selectors.workbooks import NoWorkbookError, workbook_contents
from courts.takeaways.workbook.book import written
from courts.years.selectors.years import NoMonthError, courts_by_name, courts_of
from scoring.facts import Month


class Command(YearCommand):
    """Every point of a month as live formulas, for checking by hand and for trying."""

    help = "Write the workbook of a month to PATH: the closed month's, or as the data stand now."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the month and the file; one court or one side alone."""
        parser.add_argument("month", help="such as 2019-12")
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--court", help="only this court, without points that come from other courts"
        )
        parser.add_argument("--side", default="", help="a side closed alone")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; say on standard error what it was made from."""
        try:
            month = Month.parse(options["month"])
        except ValueError as error:
            text = _("“%(month)s”不是月份，应写作 2019-12。")
            raise CommandError(text % {"month": options["month"]}) from error
        year = self.find_year(options["year"], [month])
        court = options["court"]
        if court is not None:
            named = courts_by_name(courts_of(year)).get(court)
            court = court if named is None else named.code
        try:
            contents = workbook_contents(year, month, court=court, side=options["side"])
        except (NoWorkbookError, NoMonthError) as error:
            raise CommandError(str(error)) from error
        try:
            options["path"].write_bytes(written(contents))
        except OSError as error:
            text = _("无法写入文件 %(file)s：%(reason)s。")
            values = {"file": options["path"], "reason": error.strerror}
            raise CommandError(text % values) from error
        self.stderr.write(dict(contents.about)[_("数据来源")])
