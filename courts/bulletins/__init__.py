"""What leaves the system: months closed and published, bulletins, files, the API, acceptance."""
