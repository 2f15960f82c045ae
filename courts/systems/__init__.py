"""Owns what other systems read and send: tokens, the API, views for reporting tools."""
