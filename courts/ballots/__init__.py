"""Owns the anonymous ballot: rounds, booth, board, opening; `protocol` is its arithmetic."""
