"""Owns what keeps a server going: what runs, its health, measures for monitoring, backups."""
