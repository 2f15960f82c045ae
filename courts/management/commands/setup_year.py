"""Owns the command that sets up a quality year from a rulebook and its annexes."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

import scoring
from courts.management.year_command import YearCommand
from courts.setup.services.setup import SetupError, rulebook_folder, setup_year


class Command(YearCommand):
    """Store rulebook, courts, baseline figures and caps; a year that is there is left alone."""

    help = "Set up a quality year: rulebook, courts, baseline figures, caps. Changes nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the rulebook and --data."""
        parser.add_argument("code", help="code of a bundled rulebook, or the folder of another")
        parser.add_argument(
            "--data",
            type=Path,
            help="folder with courts.csv, and where the rules use them baseline_<year>.csv and"
            " caps_<year>.csv",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Set up the year, or say that it is there."""
        try:
            result = setup_year(folder=rulebook_folder(options["code"]), data=options["data"])
        except SetupError as error:
            self.refuse(error.problems)
        except scoring.RulebookError as error:
            self.refuse(error.faults)
        else:
            values = {
                "code": result.year.code,
                "courts": result.courts,
                "figures": result.figures,
                "caps": result.caps,
                "sha256": result.year.edition.sha256[:8],
            }
            if result.created:
                text = _(
                    "已设立质量年 %(code)s（规则 %(sha256)s）：法院%(courts)s个，"
                    "上年数据%(figures)s项，控制目标%(caps)s个。"
                )
                self.say_alone()
                for name in result.unused:
                    self.stderr.write(_("规则用不到 %(name)s，没有读取。") % {"name": name})
                self.stdout.write(text % values)
            elif result.differs:
                text = _("质量年 %(code)s 已设立，所用规则（%(sha256)s）与文件不同，未作改动。")
                self.stderr.write(text % values)
            else:
                self.stdout.write(_("质量年 %(code)s 已设立，未作改动。") % values)
            for offer in result.offers:
                text = _(
                    "附则有新版本：%(title)s（%(code)s）第%(version)s版，校验值 %(sha256)s；"
                    "得分不变，请在网页“规则 · 附则”由两人采用。"
                )
                self.stderr.write(
                    text
                    % {
                        "title": offer.title,
                        "code": offer.code,
                        "version": offer.version,
                        "sha256": offer.sha256[:8],
                    }
                )
