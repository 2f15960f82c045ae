"""Reading what is sent to the pages of this area."""
