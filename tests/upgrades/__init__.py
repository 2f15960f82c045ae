"""Upgrades from every state a database was ever in, by dumps that are stored beside this file."""
