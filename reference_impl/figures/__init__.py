"""What students get to draw and try with: hand-out modules, each self-contained and without an answer in it."""
