"""Owns the command that holds the catalogues against the sources; never translates."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from courts.wording import catalogues

PACKAGES = ("courts", "qualityyear", "scoring")
TEMPLATES = "templates"


class Command(BaseCommand):
    """Find what is missing, untranslated, fuzzy, obsolete or differs in its placeholders."""

    help = "Check that every message is translated; --update adds the missing and drops the rest."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --update."""
        parser.add_argument(
            "--update", action="store_true", help="add missing messages, drop obsolete ones"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the catalogue of every language; print every fault before failing."""
        try:
            messages = catalogues.messages_of_tree(settings.BASE_DIR, PACKAGES, TEMPLATES)
        except catalogues.UntranslatableError as error:
            raise CommandError(str(error)) from error

        faults: list[str] = []
        for folder in settings.LOCALE_PATHS:
            for language, _name in settings.LANGUAGES:
                path = catalogues.catalogue_path(folder, language)
                # The messages themselves are Chinese: that catalogue is for foreign packages.
                is_own = language == catalogues.SOURCE_LANGUAGE
                if is_own and not path.exists():
                    continue
                wanted = set() if is_own else messages
                if options["update"]:
                    added, dropped = catalogues.update(path, wanted)
                    self.stdout.write(f"{language}: {added} added, {dropped} dropped")
                else:
                    faults += catalogues.faults(path, wanted)
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults in the catalogues")
