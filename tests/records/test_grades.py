"""What a run keeps of each result: a line, so that a class of 10,000 takes no more memory than one of 100."""

import pickle
import tracemalloc

from result_builders import of_ten

from autograder.files import claimed
from autograder.records import history
from autograder.records.flags import Flag
from autograder.records.grades import grade_of
from autograder.records.writer import ResultWriter

WEIGHT = 100_000  # bytes, as much as a result of the course has


def test_of_a_result_that_is_written_less_than_2_kb_stay(tmp_path):
    """Each comes out of another process, so that no two share a text."""
    heavy = [pickle.dumps(of_ten(f"s{i}", 10, message=f"{i:0{WEIGHT}}")) for i in range(20)]
    with claimed(tmp_path, history.files_of(tmp_path)):
        keeper = ResultWriter(tmp_path)
        keeper.write(pickle.loads(heavy[0]))
        tracemalloc.start()
        for text in heavy[1:]:
            keeper.write(pickle.loads(text))
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert kept < 19 * 2000


def test_of_a_result_that_was_there_its_parts_do_not_stay(tmp_path):
    with claimed(tmp_path, history.files_of(tmp_path)):
        keeper = ResultWriter(tmp_path)
        keeper.write(of_ten("ada", 10))
        keeper.finish()
        old, grade = ResultWriter(tmp_path).take(("a1_test", "ada", 0))
    assert grade.answered  # the grade is made from all of the result
    assert (old.score, old.status, old.suite_sha256, old.questions) == (10, "graded", "1" * 64, ())


def test_a_grade_tells_who_must_look_and_why_it_is_not_one():
    odd = of_ten("ada", 4).model_copy(
        update={"flags": (Flag(kind="named_after", data=("bob",)),), "reason": "no JSON", "attempt": 2}
    )
    grade = grade_of(odd)
    assert (grade.student, grade.score, grade.max_score, grade.attempt) == ("ada", 4, 10, 2)
    assert (grade.flags, grade.unsafe, grade.reason) == (odd.flags, False, "no JSON")
    assert not grade_of(odd.model_copy(update={"flags": (Flag(kind="output", data=("64",)),)})).flags  # a note
