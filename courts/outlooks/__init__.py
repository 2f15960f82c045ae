"""Owns looking ahead and around: dashboard, court page, what-if, forecast, small counts."""
