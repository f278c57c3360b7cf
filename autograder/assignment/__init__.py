"""An assignment's folder, read and checked."""
