"""What leaves the system: months closed, bulletins written, signed, published and restated."""
