"""What people send to the pages of bulletins and of closing."""
