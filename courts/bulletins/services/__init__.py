"""What closing and publishing change."""
