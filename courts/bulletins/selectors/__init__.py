"""Reading what leaves the system: rows to plain objects."""
