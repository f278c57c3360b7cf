"""Makes an assignment of ours from a course of another tool."""
