"""Owns points that an office gives a court for an item and a month, and their page."""
