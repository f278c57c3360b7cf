"""Results that were written before: schema 1 had flags as sentences and fingerprints; it is read, and never written."""

import json

import pytest
from pydantic import ValidationError
from result_builders import record

from autograder.records.flags import Flag
from autograder.records.result import Result
from autograder.records.store import read_result

SENTENCE = "when it came in is not known: timestamp.txt: expected a time, got other text"


def schema_1(**fields):
    """A result file as the former version wrote it."""
    document = json.loads(record(score=8.0, max_score=10.0).to_json())
    for check in (c for q in document["questions"] for c in q["checks"]):
        del check["blocked_by"]
    return json.dumps(
        {
            **document,
            "schema": 1,
            "fingerprints": {"rest": "0" * 16, "q1.value": "1" * 16},
            "flags": [SENTENCE],
            "cell_errors": [{"cell": 3, "error": "NameError: x"}],
            **fields,
        }
    )


def test_a_result_of_schema_1_is_read_with_its_score_and_its_sentences():
    result = Result.from_json(schema_1())
    assert (result.schema_, result.score) == (2, 8.0)
    assert result.flags == (Flag(kind="note", data=(SENTENCE,)),)
    assert str(result.flags[0]) == SENTENCE
    assert result.cell_errors[0].error == "NameError: x"


def test_it_is_found_in_a_results_folder_and_written_as_schema_2(tmp_path):
    path = tmp_path / "ada.json"
    path.write_text(schema_1())
    assert json.loads(read_result(path).to_json())["schema"] == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"schema": 3},
        {"score": 9.0},
        {"flags": [1]},
        {"flags": "text"},
        {"unknown": 1},
        {"cell_errors": [{"cell": "x"}]},
    ],
    ids=str,
)
def test_what_was_no_result_of_schema_1_is_refused(fields):
    with pytest.raises(ValidationError):
        Result.from_json(schema_1(**fields))


@pytest.mark.parametrize(
    "text", ["", "[]", "1", '{"schema": 1}', "[" * 100_000, '{"schema": ' + "9" * 5000 + "}"], ids=len
)
def test_other_text_is_refused(text):
    with pytest.raises(ValidationError):
        Result.from_json(text)
