"""Reads the folder of an assignment, `solutions/NAME/`, and checks that its parts fit together."""
