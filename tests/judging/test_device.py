"""A check on a device: the student's unchanged code on remote arrays, the reference there too, and who decides what."""

import json
import sys
from pathlib import Path

import commands
import numpy as np
import pytest
from bundled import ONE_TIER, bundled_suite
from devices import device_or_skip
from patience import within
from typer.testing import CliRunner

from autograder.assignment.samples import notebook_text, solved_cells
from autograder.authoring import Callback, assert_array, assert_unchanged, check
from autograder.authoring.checks import MARK, Check
from autograder.authoring.inprocess import PlainStudent
from autograder.authoring.seeds import seeds_from
from autograder.errors import AutograderError, DeviceError, TimeLimitError
from autograder.grading import grader as stage
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.reader import read_notebook
from autograder.intake.submissions import find_submissions
from autograder.judging.device import DeviceJudge
from autograder.judging.judge import judge
from autograder.judging.submission import grade_notebook
from autograder.meter import strict
from autograder.publishing.verify import Sources, verify
from autograder.records.compare import compare
from autograder.records.flags import Flag
from autograder.records.result import Result
from autograder.records.store import read_result, result_path

COMMANDS = CliRunner()
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", params=["strict", "cuda"])
def device(request):
    return device_or_skip(request.param)


@pytest.fixture
def put(device, skeleton):
    """put(function, **what the notebook defines): the verdict that counts, and the flags."""

    def on(function, **names):
        made = Check("q1.made", "q1", "made", 1.0, "hidden", function, ("student", "reference", "rng"), device=True)
        given = DeviceJudge(device, skeleton, "seed")

        def here(_):
            return judge(made, PlainStudent(names), skeleton.reference, "seed")

        return given.judge(made, PlainStudent(names), here), tuple(map(str, given.flags))

    return on


def is_doubled(student, reference, rng):
    x = rng.uniform(1.0, 2.0, 4)
    assert_array(student.double(x), 2 * x)


# --- What student code gets -----------------------------------------------------------------------


def test_floating_arrays_are_the_devices_in_float32_and_everything_else_stays_what_it_is(put):
    seen = {}

    def look(x, nested, y, rate, word):
        seen.update(x=x, inner=nested["a"][0], y=y, rate=rate, word=word)
        return x + 1

    def looks(student, reference, rng):
        got = student.look(np.zeros(2), {"a": [np.ones((1, 2))]}, np.array([1, 2]), np.float64(0.5), "mean")
        assert type(got) is np.ndarray
        assert got.tolist() == [1, 1]

    verdict, flags = put(looks, look=look)
    assert (verdict.outcome, flags) == ("pass", ())
    assert (type(seen["x"]).__name__, seen["x"].dtype, seen["inner"].shape) == ("RemoteArray", np.float32, (1, 2))
    assert (type(seen["y"]), type(seen["rate"]), seen["word"]) == (np.ndarray, float, "mean")


def test_a_value_of_float64_is_compared_as_float32_is_told_to_be(put):
    """1/3 in float32 is off by 1e-8: right to 1e-4, and to 1e-5; 5e-5 more is right to 1e-4 alone."""

    def near(student, reference, rng):
        assert_array(student.third(np.ones(3)), np.full(3, 1 / 3))

    assert put(near, third=lambda x: x / 3 * (1 + 5e-5))[0].outcome == "pass"
    assert put(near, third=lambda x: x / 3 * (1 + 5e-4))[0].outcome == "fail"


def test_what_a_function_does_to_its_argument_on_the_device_is_seen(put):
    def keeps(student, reference, rng):
        x = rng.standard_normal(3)
        kept = student.keep(x)
        student.f(kept)
        assert_unchanged(student.fetch(kept), x, name="x")

    def in_place(x):
        x -= 1

    assert put(keeps, f=lambda x: x - 1)[0].outcome == "pass"
    assert put(keeps, f=in_place)[0].diagnosis == "mutated"


def test_what_stays_with_the_student_between_two_calls_stays_on_the_device(put):
    def twice(student, reference, rng):
        x = rng.standard_normal(3)
        _, cache = student.keeping("first", item=1)(x)
        assert_array(student.second(cache), 3 * x)

    notebook = {"first": lambda x: (x, {"x": x}), "second": lambda cache: 3 * cache["x"]}
    assert put(twice, **notebook)[0].outcome == "pass"


def test_a_function_of_the_graders_goes_on_computing_with_numpy(put):
    def applies(student, reference, rng):
        x = np.array([1.0, 4.0])
        layer = Callback(np.sqrt, methods={"slope": lambda v: 0.5 / np.sqrt(v)})
        assert_array(student.both(layer, x), np.sqrt(x) + 0.5 / np.sqrt(x))

    assert put(applies, both=lambda layer, x: layer(x) + layer.slope(x))[0].outcome == "pass"


def test_the_reference_computes_on_the_device_in_float32_and_answers_in_the_precision_it_was_asked_in(device):
    a2 = bundled_suite("a2_mlp_backprop")
    asked = []
    reference = device.reference(a2, None)
    real = a2.reference.relu_vjp
    module = type("module", (), {"relu_vjp": staticmethod(lambda z, g: asked.append((type(z), z.dtype)) or real(z, g))})
    reference = type(reference)(module, device.library)
    z = np.array([-1.0, 0.0, 2.0])
    for dtype in (np.float64, np.float32):
        got = reference.relu_vjp(z.astype(dtype), np.full(3, 5, dtype))
        assert got.tolist() == [0, 0, 5]
        assert got.dtype == dtype
    assert {kind is not np.ndarray and dtype == np.float32 for kind, dtype in asked} == {True}


# --- Who decides ----------------------------------------------------------------------------------


def test_an_operation_that_remote_arrays_do_not_offer_costs_nothing_and_is_flagged(put, device):
    verdict, flags = put(is_doubled, double=lambda x: np.unwrap(x) + x)  # steps below pi: unwrap changes nothing
    assert verdict.outcome == "pass"
    assert flags == (f"judged on the CPU instead of {device.name}: q1.made (refused)",)


@pytest.mark.parametrize(
    ("double", "named"),
    [
        (lambda x: [2 * v for v in x.tolist()], "refused"),
        (lambda x: np.asarray(list(map(float, np.add(x, x)))) if x.strides else x, "refused"),
        (lambda x: np.frombuffer(memoryview(x)) * 2, "type"),
    ],
    ids=["numbers that leave", "memory that is not here", "an error with no operation"],
)
def test_what_is_refused_on_the_students_side_is_flagged_as_well(put, double, named):
    verdict, flags = put(is_doubled, double=double)
    assert verdict.outcome == "pass"
    assert f"({named})" in flags[0]


@pytest.mark.parametrize("name", ["secret_is_1.5", "unwrap", "linalg.svd"])
def test_r10_the_name_of_a_refused_operation_is_not_repeated(put, name):
    """It could be chosen by a hidden input, also among NumPy's six hundred."""

    def forge(x):
        if type(x).__name__ == "RemoteArray":
            x.perform(name, [x], {})
        return 2 * x

    verdict, flags = put(is_doubled, double=forge)
    assert verdict.outcome == "pass"
    assert flags[0].endswith("q1.made (refused)")


def test_what_float32_cannot_do_is_wrong_on_the_device_and_flagged_where_the_cpu_finds_it_right(put, device):
    verdict, flags = put(is_doubled, double=lambda x: (2 * x + 1e8) - 1e8)  # float32 has steps of 8 at 1e8
    assert (verdict.outcome, verdict.points) == ("fail", 0)
    assert f"(In float32, on {device.name}.)" in verdict.message
    assert flags == (f"right on the CPU and wrong on {device.name}: q1.made",)


def test_what_is_wrong_on_both_is_told_by_the_cpu_without_a_flag(put):
    verdict, flags = put(is_doubled, double=lambda x: -2 * x)
    assert (verdict.diagnosis, flags) == ("sign", ())
    assert "float32" not in verdict.message


def test_an_array_kept_from_an_earlier_check_is_gone(put):
    kept = []

    def double(x):
        kept.append(x)
        return 2 * kept[0]

    assert put(is_doubled, double=double)[0].outcome == "pass"
    assert put(is_doubled, double=double)[0].outcome != "pass"


def test_after_a_timeout_the_questions_other_checks_are_judged_on_the_cpu_and_named(device, skeleton):
    """Each timeout there would cost a process and seconds, and time is not graded."""
    asked = []

    def double(x):
        asked.append(type(x).__name__)
        if type(x).__name__ == "RemoteArray":
            raise TimeLimitError("no answer")
        return 2 * x

    student, given = PlainStudent({"double": double}), DeviceJudge(device, skeleton, "seed")
    for name in ("q1.first", "q1.second"):
        made = Check(name, "q1", name, 1.0, "hidden", is_doubled, ("student", "reference", "rng"), device=True)
        verdict = given.judge(made, student, lambda _, made=made: judge(made, student, skeleton.reference, "seed"))
        assert verdict.outcome == "pass"
    assert asked == ["RemoteArray", "ndarray", "ndarray"]
    assert tuple(map(str, given.flags)) == (
        f"judged on the CPU instead of {device.name}: q1.first (timeout), q1.second (timeout)",
    )


def test_a_check_says_itself_whether_it_makes_sense_there(device, skeleton):
    @check("q1", points=1, device=True)
    def test_there(student): ...

    @check("q1", points=1)
    def test_here(student): ...

    assert [getattr(f, MARK).device for f in (test_there, test_here)] == [True, False]
    assert [c.id for c in skeleton.checks if DeviceJudge(device, skeleton, "s").takes(c)] == ["q1.value"]


# --- The whole path: notebooks, processes, files --------------------------------------------------

WRITTEN = {
    "ada": "def mean_square(x):\n    total = np.zeros(1)\n    for v in x:\n        total[0] += v * v\n    return total[0] / len(x)",
    "bob": "def mean_square(x):\n    return np.mean(x) ** 2",
    "cyd": "def mean_square(x):\n    return np.mean(np.square(np.interp(x, np.sort(x), np.sort(x))))",
    "eve": "import cupy\ndef mean_square(x):\n    return float(np.sum(x * x) / len(x))",
}


def handed_in_below(folder, skeleton):
    for student, source in WRITTEN.items():
        cells = [(k, n, source if n == "q1-solution" else s) for k, n, s in solved_cells(skeleton)]
        path = folder / student / "a9_test" / "a9_test.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(notebook_text(cells))
    return folder


@pytest.fixture
def handed_in(tmp_path, skeleton):
    return handed_in_below(tmp_path / "submitted", skeleton)


def files_in(out):
    """The result file of each student."""
    return {name: result_path(out, "a9_test", name) for name in WRITTEN}


@pytest.fixture
def files(tmp_path):
    return files_in(tmp_path / "results")


@pytest.fixture(scope="module")
def graded(course, skeleton, device, tmp_path_factory):
    """A class graded by two processes: what was handed in, the files, and what was printed."""
    folder = tmp_path_factory.mktemp("graded")
    submitted, out = handed_in_below(folder / "submitted", skeleton), folder / "results"
    where = f"--course {course.root} --tier B --out {out}"
    told = command(f"grade {submitted} --device {device.name} --jobs 2 {where}", 0)
    return submitted, files_in(out), told


@pytest.fixture
def run(handed_in, course, tmp_path, monkeypatch):
    """run(device): the class graded in this process; who was graded, in order."""
    graded, real = [], stage.grade_submission
    monkeypatch.setattr(stage, "grade_submission", lambda s, *rest: graded.append(s.student) or real(s, *rest))
    found = tuple(find_submissions(handed_in, ("a9_test",)))

    def of(device):
        graded.clear()
        grade(GradingPlan(course, ("a9_test",), found, tmp_path / "results", tier="B", device=device))
        return "".join(name[0] for name in graded)

    return of


def command(text, code):
    try:
        return commands.run(*text.split(), code=code).output
    except AutograderError as error:
        return str(error)


def test_a_class_is_graded_on_the_device_by_two_processes_that_open_it_themselves(graded, device):
    _, files, told = graded
    assert "4 graded" in told
    got = {name: read_result(file) for name, file in files.items()}
    assert {name: r.score for name, r in got.items()} == {"ada": 10, "bob": 0, "cyd": 10, "eve": 10}
    assert {r.device for r in got.values()} == {device.name}
    assert {name: r.flags for name, r in got.items() if r.flags} == {
        "cyd": (Flag(kind="judged_on_cpu", data=(device.name, "q1.value (refused)")),)
    }
    assert "No module named 'cupy' here" in got["eve"].cell_errors[0].error


def test_a_result_is_verified_on_its_device(graded, course):
    submitted, files, _ = graded
    names = " ".join(str(f) for f in files.values())
    assert "4 identical" in command(f"verify {names} --submitted {submitted} --course {course.root}", 0)


def test_a_result_cannot_be_verified_without_its_device(graded, course, device, tmp_path, monkeypatch):
    submitted, files, _ = graded
    text = files["ada"].read_text()
    assert f'"device": "{device.name}"' in text
    (tmp_path / "ada.json").write_text(text.replace(f'"device": "{device.name}"', '"device": "cuda"'))
    without_cupy(monkeypatch)
    with pytest.raises(DeviceError, match="a9_test, ada: recorded on cuda, cannot be replayed here"):
        list(verify([tmp_path / "ada.json"], Sources(course, submitted)))


def test_a_result_of_another_device_is_graded_again_and_one_of_the_same_is_not(run, files):
    assert run("cpu") == "abce"
    on_cpu = {name: file.read_bytes() for name, file in files.items()}
    assert run("strict") == "abce"
    assert run("strict") == ""
    assert json.loads(files["ada"].read_text())["device"] == "strict"
    assert run("cpu") == "abce"
    assert {name: file.read_bytes() for name, file in files.items()} == on_cpu
    assert b'"device"' not in on_cpu["ada"]


def test_a_comparison_names_the_device_as_the_reason(skeleton):
    old, new = (
        Result(assignment="a9_test", student="ada", status="graded", score=0, max_score=max_score, device=device)
        for device, max_score in (("cpu", 10), ("strict", 9))
    )
    assert compare([old], [new], 1.0).changes[0].why == ("device cpu → strict",)


def without_cupy(monkeypatch):
    for name in ("cupy", "array_api_compat.cupy"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.parametrize(
    ("name", "says"),
    [("cuda", "expected a working cupy, got"), ("tpu", "expected one of cpu, cuda, strict, got 'tpu'")],
)
def test_a_device_that_cannot_be_used_is_one_line_before_anything_is_graded(
    handed_in, course, tmp_path, monkeypatch, name, says
):
    without_cupy(monkeypatch)
    out = tmp_path / "results"
    told = command(f"grade {handed_in} --course {course.root} --device {name} --out {out}", 2)
    assert says in told
    assert "\n" not in told
    assert not out.exists()


def test_a_grader_process_that_cannot_open_the_device_says_so_in_one_line(handed_in, course, tmp_path):
    found = tuple(find_submissions(handed_in, ("a9_test",)))
    plan = GradingPlan(course, ("a9_test",), found, tmp_path / "results", jobs=2, tier="B", device="tpu")
    with pytest.raises(DeviceError, match="got 'tpu'"):
        grade(plan)


@ONE_TIER
def test_code_that_is_too_slow_there_is_judged_on_the_cpu_and_the_next_questions_lose_nothing(
    skeleton, zygote, device, tmp_path
):
    suite = within(skeleton, call_seconds=0.3)
    waits = "def mean_square(x):\n    while type(x).__name__ == 'RemoteArray': pass\n    return np.mean(x * x)"
    cells = [(k, n, waits if n == "q1-solution" else s) for k, n, s in solved_cells(skeleton)]
    (tmp_path / "own.ipynb").write_text(notebook_text(cells))
    result = grade_notebook(
        read_notebook(tmp_path / "own.ipynb"), "dan", suite, zygote, seeds_from(b"secret"), device=device
    )
    assert result.score == 10
    assert result.flags == (Flag(kind="judged_on_cpu", data=(device.name, "q1.value (timeout)")),)


def test_a_device_that_is_lost_ends_the_run_and_costs_nobody_a_point(run, files, monkeypatch):
    def lost(*_, **__):
        raise RuntimeError("cudaErrorDevicesUnavailable")

    real = strict.ones
    monkeypatch.setattr(
        strict, "ones", lambda *a, **k: lost() if files["ada"].exists() else real(*a, **k), raising=False
    )
    with pytest.raises(DeviceError, match="device 'strict': expected it to go on, got cudaErrorDevicesUnavailable"):
        run("strict")
    assert [name for name, file in files.items() if file.exists()] == ["ada"]
