"""Judging one submission: its cells run, each check is put to it, and one result comes out."""
