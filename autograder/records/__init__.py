"""Results on disk: their fields, where each file is, how files are written, and the history of gradings."""
