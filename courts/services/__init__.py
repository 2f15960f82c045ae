"""Writes: keyword-only, atomic, checked first. One module a verb's field."""
