"""The students' repositories on GitHub or GitLab: made from the starter, or checked."""
