"""An error has its facts in fields, and its sentence is made from them."""

import pytest

from autograder.errors import FileError, GitError, MalformedError
from autograder.judging.device import open_device
from reference_impl.backend import BackendError, namespace_for


@pytest.mark.parametrize(
    ("error", "text", "advice"),
    [
        (MalformedError("expected one, got two"), "expected one, got two.", "expected one, got two"),
        (MalformedError("it is late", hint="ask"), "it is late. Hint: ask.", "it is late. Hint: ask"),
        (MalformedError("it is late", hint="ask", what="x"), "x: it is late. Hint: ask.", "it is late. Hint: ask"),
    ],
)
def test_the_sentence_is_made_from_reason_hint_and_name(error, text, advice):
    assert str(error) == text
    assert error.advice == advice


def test_a_refused_file_says_what_there_is_instead():
    error = FileError("x", "a roster", "a folder", hint="move it")
    assert (error.what, error.reason, error.hint, error.got) == (
        "x",
        "expected a roster, got a folder",
        "move it",
        "a folder",
    )
    assert str(error) == "x: expected a roster, got a folder. Hint: move it."


def test_an_error_of_git_has_a_kind():
    assert GitError("git: no", "no_branch").kind == "no_branch"


def test_a_device_that_cannot_be_used_says_what_there_is_instead():
    with pytest.raises(BackendError) as refused:
        namespace_for("abacus")
    assert refused.value.got == "'abacus'"
    assert str(refused.value).startswith("device: expected one of ")
    assert open_device("cpu") is None
