"""Owns points: scores, scorecards, the ranking, and how much of it courts see."""
