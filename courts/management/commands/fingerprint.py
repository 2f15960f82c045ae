"""Owns the command by which two databases are compared: tables, what stands on them, scores."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from courts.upkeep.selectors.fingerprints import fingerprint


class Command(BaseCommand):
    """Print the fingerprint as JSON."""

    help = "Print number and digest of every table's rows, and of the latest scores, as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it; nothing else goes to standard output."""
        self.stdout.write(json.dumps(fingerprint(), ensure_ascii=False, indent=1, sort_keys=True))
