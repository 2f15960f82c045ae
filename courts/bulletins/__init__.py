"""Owns what leaves the house: closed months, snapshots, bulletins, restatements, acceptance."""
