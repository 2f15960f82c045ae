"""Owns bulletins: drafted from a snapshot, edited, signed, published, archived."""
