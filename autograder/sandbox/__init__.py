"""The process that student code runs in, and the only way to talk to it."""
