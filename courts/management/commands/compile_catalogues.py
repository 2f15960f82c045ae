"""Owns the command that compiles the catalogues of translations; does nothing else."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from courts.wording import catalogues


class Command(BaseCommand):
    """Compile what changed in locale/, without gettext."""

    help = "Compile the catalogues of translations that changed; no gettext is needed."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile each folder of catalogues the settings name."""
        for folder in settings.LOCALE_PATHS:
            for path in catalogues.compile_all(folder):
                self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}")
