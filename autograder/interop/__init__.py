"""The only package that imports nbgrader and otter."""
