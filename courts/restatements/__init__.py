"""Owns objections to what was published, and the restatements that correct it."""
