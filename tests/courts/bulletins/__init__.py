"""What is tested of bulletins and of closing."""
