"""Owns special cases (附件1·五): applied for, verified, decided."""
