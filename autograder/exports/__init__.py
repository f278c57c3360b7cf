"""Marks in the formats of other systems, one module for each.

They return text or bytes; the command line writes them.
"""
