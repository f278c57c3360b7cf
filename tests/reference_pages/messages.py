"""Every message that the program can say, read from its source: what makes an AutograderError, with its hint.

What a message fills in later is shown as `…`.
"""

import ast
import functools
import re
from dataclasses import dataclass
from pathlib import Path

from autograder import errors
from autograder.errors import AutograderError

PACKAGE = Path(errors.__file__).parent
BLANK = "…"
STUDENTS_SIDE = ("authoring/", "sandbox/worker/", "assignment/skeletons/")  # what checks say to students
FEWEST_WORDS = 3  # what has less than three words of its own passes on another message


@dataclass(frozen=True)
class ProgramMessage:
    """module: path below autograder/.  line: in it.  text: without the hint.  hint: what to do, or ""."""

    module: str
    line: int
    text: str
    hint: str


@functools.cache
def program_messages():
    """All of them, by module and line; one that two lines say stands once for each module."""
    trees = {p.relative_to(PACKAGE).as_posix(): ast.parse(p.read_text()) for p in sorted(PACKAGE.rglob("*.py"))}
    constants = {module: module_constants(tree) for module, tree in trees.items()}
    kin, found = error_names(trees.values()), {}
    for module, tree in trees.items():
        known = imported_constants(tree, constants) | constants[module]
        nodes = list(ast.walk(tree))  # once: this is most of the time
        for node, text in [*errors_made(nodes, kin, known), *other_lines(module, nodes, kin, known)]:
            message, _, hint = tidy(text).partition(" Hint: ")
            if len(re.findall(r"[A-Za-z]{2,}", message)) >= FEWEST_WORDS:
                found.setdefault((module, message), ProgramMessage(module, node.lineno, message, hint))
    return tuple(sorted(found.values(), key=lambda each: (each.module, each.line)))


def errors_made(nodes, kin, known):
    return [(node, said_by(node, kin, known)) for node in nodes if isinstance(node, ast.Call)]


def other_lines(module, nodes, kin, known):
    """Whole messages that a helper function makes an error of, or that are printed."""
    if module.startswith(STUDENTS_SIDE):
        return
    documentation = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    within = {
        id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in ast.walk(node) if part is not node
    }
    within |= {
        id(part)
        for node in nodes
        if isinstance(node, ast.Call) and said_by(node, kin, known)
        for part in ast.walk(node)
    }
    known_already = documentation | within
    for node in nodes:
        if isinstance(node, (ast.JoinedStr, ast.Constant)) and id(node) not in known_already:
            text = shown(node, known)
            if re.search(r"\bexpected .*, got\b", text):
                yield node, text if text.endswith(".") else f"{text}."


def error_names(trees):
    """AutograderError and every class that extends it, wherever it is."""
    kin = {
        name for name, thing in vars(errors).items() if isinstance(thing, type) and issubclass(thing, AutograderError)
    }
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return kin | {each.name for each in classes if {ast.unparse(base) for base in each.bases} & kin}


def module_constants(tree):
    """{name: text} of the constants of a module."""
    given = [node for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)]
    return {
        n.targets[0].id: n.value.value
        for n in given
        if isinstance(n.value, ast.Constant) and isinstance(n.value.value, str)
    }


def imported_constants(tree, constants):
    froms = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder.")
    ]
    paths = {f"{node.module.removeprefix('autograder.').replace('.', '/')}.py": node.names for node in froms}
    return {
        a.asname or a.name: constants[p][a.name]
        for p, names in paths.items()
        for a in names
        if a.name in constants.get(p, {})
    }


def said_by(call, kin, known):
    """The message that a call makes, or ""."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    texts = [shown(each, known) for each in call.args]
    named = {each.arg: shown(each.value, known) for each in call.keywords}
    if name == "FileKind" and len(texts) >= FEWEST_WORDS:
        return f"{BLANK}: expected {texts[0]}, got {BLANK}. Hint: {texts[2]}."
    if name not in kin or not texts:
        return ""
    if name in {"FileError", "UnreadableError"} and len(texts) >= FEWEST_WORDS:
        text = f"{texts[0]}: expected {texts[1]}, got {texts[2]}."
    elif name in {"MalformedError", "WrongFilesError", "HostError", "GitError"}:
        text = f"{named['what']}: {texts[0]}." if named.get("what") else f"{texts[0]}."
    else:
        text = texts[0]
    return f"{text} Hint: {named['hint']}." if named.get("hint") else text


def shown(node, known):
    """A text of the source as a reader sees it, with `…` for what is filled in."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(shown(part, known) for part in parts)
        case ast.Name(id=name) | ast.FormattedValue(value=ast.Name(id=name), conversion=-1) if name in known:
            return known[name]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return shown(left, known) + shown(right, known)
        case ast.Call(func=ast.Name(id="one_line"), args=[inner, *_]):
            return shown(inner, known)
    return BLANK


def tidy(text):
    """One line; without what may follow the last sentence, such as the nearest name; each sentence with one stop."""
    text = " ".join(text.split())
    text = re.sub(rf"\.{BLANK}\.?$", ".", text)
    text = re.sub(rf"({BLANK}[ ,]*)+{BLANK}", BLANK, text)
    return re.sub(r"(?<!\.)([.?])\.(?= |$)", r"\1", text)
