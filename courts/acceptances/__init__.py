"""Owns the year-end acceptance (正文四·3): papers of each court, one package, two signatures."""
