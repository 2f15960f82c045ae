"""Owns which figure counts: returns, extracts, decisions and tallies become facts."""
