"""Hand-out modules of the assignments: figures and small tools, with no answer in them."""
