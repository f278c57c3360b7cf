"""A payload in the released notebook of one tool: as a student could hand it in, who has read the tool's source."""

import copy
import json

from attacks.bench.assignment import RIGHT, WRONG
from attacks.bench.edits import EDITS

_LOOT = (
    "def loot(text):\n"
    "    import re\n"
    "    return ' '.join(sorted(set(re.findall(r'(?:hidden|reference|neighbour|key|token)_[0-9a-f]{12}', str(text)))))\n"
)


def honest(released, right=True, mark=""):
    """The released notebook with the solution, or with constants that only the public tests accept."""
    answers = RIGHT if right else WRONG
    return filled(released, {}, {**answers, "double": f"{answers['double']}  # {mark}"})


def hostile(released, payload, places):
    """Bytes of the notebook with the payload's cells, then its edit.  places: {placeholder: what the attacker knows}."""
    answers = {"mean_square": payload.answer or WRONG["mean_square"], "double": payload.double or WRONG["double"]}
    document = filled(released, {"first": payload.first, "last": payload.last}, answers, places)
    edited = EDITS[payload.edit](document) if payload.edit else document
    return edited if isinstance(edited, bytes) else json.dumps(edited).encode("utf-8", "surrogatepass")


def filled(released, added, answers, places=()):
    """A copy with answers in the place of the empty functions, and more cells after the set-up and at the end."""
    document = copy.deepcopy(released)
    for name, answer in answers.items():
        cell = next(c for c in document["cells"] if "".join(c["source"]).startswith(f"def {name}("))
        cell["source"] = known(answer, places)
    setup = next(i for i, c in enumerate(document["cells"]) if "".join(c["source"]).startswith("import numpy"))
    if added.get("first"):
        document["cells"].insert(setup + 1, code(document, "payload-first", known(added["first"], places)))
    if added.get("last"):
        document["cells"].append(code(document, "payload-last", known(added["last"], places)))
    return document


def known(source, places):
    """A payload's text with its placeholders filled in, and with `loot` if it looks for marks."""
    for name, value in dict(places).items():
        source = source.replace(f"@{name}@", str(value))
    return _LOOT + source if "loot(" in source else source


def code(document, name, source):
    """A cell of code in the notebook's version of the format."""
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    return {**cell, "id": name} if document.get("nbformat_minor", 0) >= 5 else cell
