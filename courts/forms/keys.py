"""Owns reading the key of a row from a form: whatever is no key names nobody."""

from __future__ import annotations

# No table here will ever have more rows; a longer text is no key that a page of ours wrote.
LONGEST = 18


def key_of(text: str) -> int:
    """The key that a text names; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else 0
