"""The project: settings, addresses and the way to start it; no concept of the assessment."""
