"""The project: settings, addresses and the way to start it; no concept of the assessment."""

# The day of the release; the changelog has a heading for it. Logs, backups and pages name it.
VERSION = "2026.11.28"
