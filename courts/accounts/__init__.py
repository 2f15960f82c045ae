"""Owns logging in, passwords and what an account is: name, court, roles."""
