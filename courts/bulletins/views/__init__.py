"""The pages and the API of what leaves the system; no queries, no arithmetic."""
