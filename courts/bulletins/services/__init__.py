"""Changes of what leaves the system: keyword-only, atomic, recorded."""
