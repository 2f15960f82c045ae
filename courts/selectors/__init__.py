"""Reads: from rows to plain objects. Nothing here writes, and nothing here scores by itself."""
