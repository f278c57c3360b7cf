"""How Canvas and Moodle find the student in the name of a feedback file: their own code, in Python."""

import re


def as_canvas_reads(name):
    """(user, attachment), or None if Canvas ignores the file: its `infer_comment_context_from_filename`, in Python."""
    words = [w for w in name.rsplit("/", 1)[-1].split("_") if w != "LATE"]
    if name.startswith("._") or words[-1].startswith("link"):
        return None
    if words[0] == "anon":
        return words[1], words[2]
    numbers = [w for w in words if re.fullmatch("[0-9]+", w)]
    return tuple(numbers[:2]) if len(numbers) > 1 else None


def as_moodle_reads(path):
    """(number, plugin, file), or None: its `is_valid_filename_for_import`, in Python."""
    parts = path.split("/")
    if parts[-1][:1] in {".", "~"}:
        return None
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) >= 4 and info[1].isdecimal() and (info[2], info[3]) == ("assignfeedback", "file"):
            return info[1], f"{info[2]}_{info[3]}", "/".join([*info[4:], *parts])
    return None
