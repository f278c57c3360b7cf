"""What students hand in, read as hostile data."""
