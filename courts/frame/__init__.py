"""Owns what every request shares: refusals, events, what is remembered, stamps, drafts."""
