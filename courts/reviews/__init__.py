"""Owns what offices do with returns: verify, send back, reopen, deadlines, completeness."""
