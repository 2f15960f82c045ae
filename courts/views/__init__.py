"""Pages: permission, selector or form, service, render. No query and no arithmetic."""
