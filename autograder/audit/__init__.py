"""Tests of the tests: how well an assignment's checks tell right from wrong, measured."""
