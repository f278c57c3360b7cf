"""Stage 3: what students hand in, read as hostile data."""
