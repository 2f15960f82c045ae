"""Owns the second source: extracts of the case systems, their differences from returns."""
