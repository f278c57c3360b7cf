"""Hidden checks of NAME. The answers to q1 stand in assignment.toml: their checks are made from there.

A function marked `@check("q2", points=5)` would be a further check, as `autograder new OTHER` shows.
"""
