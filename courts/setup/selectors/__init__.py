"""Owns what setting up needs to know of what there is."""
