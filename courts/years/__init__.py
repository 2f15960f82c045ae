"""Quality years, and what of their months is closed."""
