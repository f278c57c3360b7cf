"""The commands. Each says what it did in a few lines; errors are one line."""
