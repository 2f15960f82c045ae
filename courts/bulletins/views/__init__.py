"""The pages of bulletins and of closing."""
