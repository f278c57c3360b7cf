"""Makes `nbgrader` work from this folder: nbgrader list, generate_assignment, autograde, formgrader, export."""

from pathlib import Path

from autograder.interop.config import configure

c = get_config()  # noqa: F821 — nbgrader's
configure(c, Path(__file__).parent)
# Your own settings go below, such as a penalty for what is late:
# c.LateSubmissionPlugin.penalty_method = "zero"
