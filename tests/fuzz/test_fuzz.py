"""Any bytes: a typed error or a value, in bounded memory. Some thousand inputs here, a million in `make fuzz`."""

from fuzz import inputs, properties
from fuzz.soak import put


def test_any_frame_is_a_value_of_the_table_or_a_wire_error():
    assert put(properties.a_frame_is_a_value_or_a_wire_error, inputs.FRAMES, examples=200, spoiled=12) > 2500


def test_whatever_a_process_says_the_grader_gets_answers_or_student_errors():
    prove = properties.a_conversation_ends_in_answers_or_student_errors
    assert put(prove, inputs.CONVERSATIONS, examples=120, spoiled=12) > 1500


def test_any_file_is_a_notebook_or_one_line():
    assert put(properties.a_file_is_a_notebook_or_one_line, inputs.NOTEBOOKS, examples=150, spoiled=12) > 2000


def test_a_spoiled_real_notebook_is_a_notebook_or_one_line():
    assert put(properties.a_file_is_a_notebook_or_one_line, inputs.REAL_NOTEBOOKS, examples=10, spoiled=20) > 200
