"""The only modules that know nbgrader."""
