"""The month ends here: closed, made into a snapshot, published; what leaves the system."""
