"""Owns what people take away to check or compare: the live workbook, base data."""
