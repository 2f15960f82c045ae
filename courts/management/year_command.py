"""Owns what the commands on one quality year share: --year, and errors in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from courts.files.on_disk import source_files
from courts.files.sheets import SourceFile
from courts.models import QualityYear
from courts.years.selectors.years import NoYearError, find_year, year_of_months
from scoring.facts import Month


class YearCommand(BaseCommand):
    """A command on one quality year, by default the only or latest one."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--year",
            help="code or number of the quality year; by default the one of the months that are"
            " named, or the only or latest one",
        )

    def find_year(self, code: str | None, months: Collection[Month] = ()) -> QualityYear:
        """The year asked for, else that of the months; CommandError for none, or for several."""
        try:
            return find_year(code) if code is not None else year_of_months(months)
        except NoYearError as error:
            raise CommandError(str(error)) from error

    def read_files(self, paths: Iterable[str]) -> list[SourceFile]:
        """The files' contents; CommandError when one cannot be read."""
        try:
            return source_files([Path(path) for path in paths])
        except OSError as error:
            text = _("无法读取文件 %(file)s：%(reason)s。")
            values = {"file": error.filename, "reason": error.strerror}
            raise CommandError(text % values) from error

    def say_alone(self) -> None:
        """Say on standard error that what a command writes counts without a second person."""
        self.stderr.write(
            _("提示：命令行是运维的途径，立即生效，不经另一人确认；网页上同样的操作须两人办理。")
        )

    def refuse(self, problems: Iterable[object]) -> None:
        """Print every problem on standard error; nothing when there is none."""
        lines = [str(problem) for problem in problems]
        if not lines:
            return
        self.stderr.write("\n".join(lines))
        raise CommandError(_("共%(count)s处错误，没有写入任何数据。") % {"count": len(lines)})
