"""What students get to draw with: hand-out modules, each self-contained and without an answer in it."""
