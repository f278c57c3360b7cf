"""Schemas that check-jsonschema carries, asked within the test's own process: its program takes seconds to start."""

import functools
import json
from importlib.resources import files

import yaml
from jsonschema.validators import validator_for


def complaints(vendor, text):
    """What the schema, such as compose-spec, says against a YAML text. [] if nothing."""
    data = yaml.safe_load(text)
    if True in data:
        data["on"] = data.pop(True)  # YAML 1.1's name for the key `on`
    return [error.message for error in _validator(vendor).iter_errors(data)]


@functools.cache
def _validator(vendor):
    """Keeps the patterns of the schema that it compiled."""
    place = files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{vendor}.json"
    schema = json.loads(place.read_text(encoding="utf-8"))
    return validator_for(schema)(schema)
