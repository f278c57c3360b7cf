"""Regrade requests as data: why a student asks, and what became of it. No request changes a mark."""
