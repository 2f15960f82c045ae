"""What templates need to display; no decision and no query."""
