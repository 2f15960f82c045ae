"""Owns the command that lists the hashes of what browsers are given; does nothing else."""

from typing import Any

from django.core.management.base import BaseCommand

from courts.ballots import release_hashes


class Command(BaseCommand):
    """The same release gives the same list, so that it can be announced beforehand."""

    help = "List the SHA-256 of every script, style, template and offline file, as sha256sum does."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the list and nothing else: what is piped on is what the paper has."""
        self.stdout.write(release_hashes.list_text(), ending="")
