"""Owns the command that writes the script which draws pictures; does nothing else."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from courts.outlooks.charts.bundle import NAME, write_bundle

FOLDER = "courts/outlooks"


class Command(BaseCommand):
    """Write the script that draws pictures among the static files, if it is not there."""

    help = "Write the script that draws charts in the browser; the network is not asked."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it where the browser's other scripts are."""
        folder = settings.BASE_DIR / "static" / FOLDER
        if write_bundle(folder):
            self.stdout.write(f"static/{FOLDER}/{NAME}")
