"""Owns acts that wait for a second person; areas register their kinds."""
