"""The mathematics of the course, in NumPy. Imports nothing of `autograder`."""
