"""Owns how courts change during a year: renamed, merged, split, abolished, by two people."""
