"""Owns the end of a month: what is still missing, closing, reopening, its snapshot."""
