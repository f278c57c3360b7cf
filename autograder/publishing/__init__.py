"""Checks results of an untrusted job, signs them and writes feedback; and grades a result again to verify it."""
