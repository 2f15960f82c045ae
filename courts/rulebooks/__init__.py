"""Owns the rules as people work with them: editions, readings, targets, caps, supplements."""
