"""Courses that were made for otter-grader, as they are: an autograder.zip and submissions, graded in our sandbox."""
