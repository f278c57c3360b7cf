"""Feedback that arrives: archives for Canvas and Moodle, mail, and pages for a web server."""
