"""Tests the checks: measures how well the checks of an assignment tell right from wrong."""
