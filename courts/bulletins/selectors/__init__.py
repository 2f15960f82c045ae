"""What pages of bulletins and of closing show; never writes."""
