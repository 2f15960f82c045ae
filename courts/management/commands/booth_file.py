"""Owns the command that writes the offline booth and its hash; does nothing else."""

from courts.ballots import booth_file
from courts.management.offline_file_command import OfflineFileCommand


class Command(OfflineFileCommand):
    """Writes `booth.html`."""

    help = "Write booth.html to PATH, and its SHA-256 beside it."
    file = booth_file.FILE
