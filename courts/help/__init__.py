"""Owns help: the manual inside the pages, in three languages, where each page finds its part."""
