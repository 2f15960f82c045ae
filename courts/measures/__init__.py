"""The tasks of the year (正文三·1–15): plans, progress by month and what shows them."""
