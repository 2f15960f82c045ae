"""Owns the command that checks a rulebook's files and prints every fault, or its totals."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.frame.listing import fault_text
from courts.scores.printouts import aligned
from courts.setup.services.setup import SetupError, rulebook_folder
from courts.wording.amounts import level_label
from scoring.rounding import to_text
from scoring.schema import Rulebook
from scoring.supplements import load_supplements


class Command(BaseCommand):
    """Read a rulebook as strictly as the setting up of a year does, and store nothing."""

    help = "Print every fault of a rulebook (a folder) and of its supplements, or its totals."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the path."""
        parser.add_argument("path", help="folder of TOML files, or the code of a bundled rulebook")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the totals; print every fault and fail."""
        path = options["path"]
        try:
            folder = Path(path) if Path(path).is_dir() else rulebook_folder(path)
            rulebook = scoring.load_rulebook(folder)
            supplements = load_supplements(folder, rulebook)
        except SetupError as error:
            raise CommandError(str(error)) from error
        except scoring.RulebookError as error:
            for fault in error.faults:
                sentence = fault_text(fault)
                self.stderr.write(f"{fault.place}: {sentence}")
            text = _("规则有%(count)s处错误。") % {"count": len(error.faults)}
            raise CommandError(text) from error
        self.stdout.write(_totals(rulebook))
        for one in supplements:
            text = _("附则 %(code)s 第%(version)s版（校验值 %(sha256)s）没有错误。")
            values = {"code": one.code, "version": one.version, "sha256": one.sha256[:8]}
            self.stdout.write(text % values)


def _totals(rulebook: Rulebook) -> str:
    language = get_language() or ""
    rows = [[_("方面"), _("审级"), _("考核项"), _("满分")]]
    for share in rulebook.sides:
        for level in rulebook.assessed_levels:
            items = [
                item
                for item in rulebook.items_of(level)
                if item.side is share.side and not item.is_bonus
            ]
            rows.append(
                [
                    share.label.get(language),
                    rulebook.label_of_level[level].get(language) or level_label(level),
                    str(len(items)),
                    to_text(share.points if items else 0),
                ]
            )
    text = _("规则 %(code)s（%(year)s 年，校验值 %(sha256)s）没有错误。")
    values = {"code": rulebook.code, "year": rulebook.year, "sha256": rulebook.sha256[:8]}
    return "\n".join([text % values, *aligned(rows, numbers={2, 3})])
