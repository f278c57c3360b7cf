"""The pages of course.toml and of assignment.toml, from the models that read them."""

import inspect

from reference_pages.markdown import code, paragraphs
from reference_pages.model_keys import example, key_table

from autograder.assignment import settings
from autograder.audit.equivalent import EquivalentMutants
from autograder.ci_settings import CiSettings
from autograder.course_settings import CourseSettings
from autograder.mail_settings import MailSettings
from autograder.marking_rules import AssignmentRules, MarkingRules
from autograder.portal_settings import PortalFeedback, PortalSettings

MADE = "<!-- `make reference` writes this page from the program; do not edit it. -->"
COURSE_HEAD = f"""# course.toml

A course is a folder with this file in it. `autograder init` writes one. Every command looks for the file in the
current folder and in the folders above.

A time is written as `2026-10-12`, or as `2026-10-12 18:00`, or with an offset, `2026-10-12 18:00+02:00`. A time
without an offset is of the key `timezone`. Each table may be left out. The blocks below, one after the other, are a
file that works.

{MADE}
"""
ASSIGNMENT_HEAD = f"""# assignment.toml

This file stands in the folder of each assignment, `solutions/NAME/`. `autograder new` writes one.
[The guide](../authoring.md) says how it goes together with the other files. The blocks below, one after the other, are
a file that works.

{MADE}
"""
COURSE = {
    "Above all tables": (CourseSettings, ""),
    "[marks]": (MarkingRules, "[marks]"),
    "[assignments.NAME]": (AssignmentRules, "[assignments.a1_gradient_ascent]"),
    "[email]": (MailSettings, "[email]"),
    "[ci]": (CiSettings, "[ci]"),
    "[portal]": (PortalSettings, "[portal]"),
    "[portal.feedback]": (PortalFeedback, "[portal.feedback]"),
}
ASSIGNMENT = {
    "Above all tables": (settings.Settings, ""),
    "[limits]": (settings.LimitSettings, "[limits]"),
    "[[questions]]": (settings.Question, "[[questions]]"),
    "[[rubrics]]": (settings.Rubric, "[[rubrics]]"),
    "[[rubrics.items]]": (settings.RubricItem, "[[rubrics.items]]"),
}
BESIDE = {"equivalent_mutants.toml": (EquivalentMutants, "[[equivalent]]")}


def course_page():
    return "\n".join([COURSE_HEAD, *sections(COURSE, tables=True)])


def assignment_page():
    return "\n".join([ASSIGNMENT_HEAD, *sections(ASSIGNMENT | BESIDE, tables=False)])


def sections(models, tables):
    for title, (model, head) in models.items():
        yield f"## {title}\n"
        yield paragraphs(inspect.getdoc(model))
        yield key_table(model)
        yield code(example(model, head, tables), "toml") + "\n"
