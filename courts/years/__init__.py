"""Owns quality years: editions and readings in force, periods, courts, slots, open work."""
