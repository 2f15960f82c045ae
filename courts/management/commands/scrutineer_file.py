"""Owns the command that writes the scrutineer's offline file and its hash; does nothing else."""

from courts.ballots import scrutineer_file
from courts.management.offline_file_command import OfflineFileCommand


class Command(OfflineFileCommand):
    """Writes `scrutineer.html`."""

    help = "Write scrutineer.html to PATH, and its SHA-256 beside it."
    file = scrutineer_file.FILE
