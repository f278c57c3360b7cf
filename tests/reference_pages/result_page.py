"""The result file: its JSON Schema and its page, from the models that read and write it."""

import inspect
import json

from reference_pages.markdown import paragraphs, table
from reference_pages.settings_pages import MADE

from autograder.authoring.drawings import Picture
from autograder.records.flags import Flag
from autograder.records.provenance import Provenance
from autograder.records.result import CellError, CheckResult, QuestionResult, Result, Sandbox

HEAD = f"""# The result file

`autograder grade` writes one file for each student and assignment: `work/results/ASSIGNMENT/STUDENT.json`.
[result.schema.json](result.schema.json) is its JSON Schema, for programs that read it. [Results](../results.md) shows
one, and says how it is signed and verified.

{MADE}
"""
MODELS = (Result, QuestionResult, CheckResult, CellError, Sandbox, Flag, Provenance, Picture)


def schema():
    """As the file is written: a row of numbers is one text. A result of the CPU has no `device`."""
    fields = Result.model_json_schema(mode="serialization")
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **fields}
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def page():
    return "\n".join([HEAD, *(section(model) for model in MODELS)])


def section(model):
    rows = [
        (f"`{name}`", kind(field), needed(model, name, field))
        for name, field in model.model_json_schema()["properties"].items()
    ]
    return "\n".join(
        [
            f"## {model.__name__}\n",
            paragraphs(inspect.getdoc(model), model.model_fields),
            table(("field", "holds", "default"), rows),
        ]
    )


def needed(model, name, field):
    return (
        "needed"
        if name in model.model_json_schema().get("required", ())
        else f"`{json.dumps(field.get('default'))[:60]}`"
    )


def kind(field):
    """The type of a field in words."""
    if "$ref" in field:
        return "an object, see " + field["$ref"].rpartition("/")[2]
    if "anyOf" in field:
        return ", or ".join(kind(each) for each in field["anyOf"])
    if "const" in field or "enum" in field:
        return ", ".join(f"`{json.dumps(each)}`" for each in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"a list: {kind(field.get('items', {}))}"
    return KINDS.get(field.get("type"), "a drawing, see the schema")


KINDS = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}
