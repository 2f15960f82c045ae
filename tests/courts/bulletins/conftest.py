"""Owns the fixtures of closing and bulletins: the made year, and people who close it."""

from tests.pages import desk, made_year, office, year

__all__ = ["desk", "made_year", "office", "year"]
