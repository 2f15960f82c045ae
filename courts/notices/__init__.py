"""Owns notices: what happened for whom, unread, muted by kind, sent outside only if configured."""
