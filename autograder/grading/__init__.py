"""Stage 5: runs a submission in the sandbox, puts each check to it, and writes down what was decided."""
