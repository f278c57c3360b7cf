"""The benchmark still runs and says what it measured. No time is asserted here."""

import json
from pathlib import Path

import pytest
from benchmarks import bench, page, plot, report
from benchmarks.phases import ORDER
from benchmarks.spread import ratios, shown, spread

ROOT = Path(__file__).parents[2]
SOME = {"median": 2.0, "q1": 1.0, "q3": 3.0, "n": 3}


def measured(**over):
    """Numbers of a run with one assignment: as bench.json has them, each ratio of its own choosing."""
    tool = {
        "ours_ms": SOME,
        "cold_ms": SOME,
        "marginal_ms": SOME,
        "cold_over_ours": {**SOME, "median": 120.0},
        "marginal_over_ours": {**SOME, "median": 19.0},
        "cold_with_figures_ms": 4000.0,
    }
    kinds = dict.fromkeys(("floor", "core", "ours"), SOME)
    engine = {
        "tier": "A",
        "notebooks": 2,
        "rounds": 1,
        "wall_ms": kinds,
        "processor_ms": kinds,
        "core_over_floor": {**SOME, "median": 1.5},
        "ours_over_floor": {**SOME, "median": 2.7},
        "core_over_floor_processor": SOME,
        "ours_over_floor_processor": SOME,
        "where": {"phases_ms": dict.fromkeys(ORDER, 1.0), "exchanges": 100.0, "processes": 1.5},
        "tools": {"nbgrader": tool, "otter": tool},
    }
    classes = {
        "100": {"seconds": 3.0, "family_mb": 200.0, "parent_mb": 100.0},
        "1000": {"seconds": 29.0, "family_mb": 210.0, "parent_mb": 120.0},
    }
    machine = dict.fromkeys(("processor", "cores", "system", "python", "numpy", "date", "load"), "?")
    return {
        "machine": machine,
        "minutes": 1.0,
        "assignments": {"a1_gradient_ascent": engine},
        "commands": {"help_s": {**SOME, "median": 0.2}, "first_result_s": SOME, "classes": classes},
        **over,
    }


def test_a_run_over_one_notebook_writes_numbers_a_picture_and_a_profile(tmp_path, capsys):
    """The solution, the starter and two samples, graded by us and by the floor: both pass the same checks, so both did
    the same. Of each sample a slip was forgiven, which is not the floor's work.
    """
    one = ["a1_gradient_ascent", "--no-tools", "--no-commands", "--notebooks", "4", "--rounds", "1"]
    bench.main([*one, "--out", str(tmp_path)])
    found = json.loads((tmp_path / "bench.json").read_text())["assignments"]["a1_gradient_ascent"]
    assert found["floor_gives_other_passes"] == []
    assert set(found["where"]["phases_ms"]) == set(ORDER)
    assert all(found["where"]["phases_ms"][phase] > 0 for phase in ORDER)
    assert "cumulative time" in (tmp_path / "bench-profile.txt").read_text()
    assert (tmp_path / "bench.svg").read_text().startswith("<?xml")
    assert "× the floor" in capsys.readouterr().out


def test_a_median_stands_beside_its_quartiles():
    assert spread([4.0, 1.0, 2.0, 3.0, 5.0]) == {"median": 3.0, "q1": 2.0, "q3": 4.0, "n": 5}
    assert spread([7.0]) == {"median": 7.0, "q1": 7.0, "q3": 7.0, "n": 1}
    assert shown(spread([4.0, 1.0, 2.0, 3.0, 5.0])) == "3.00 (2.00–4.00)"


def test_a_ratio_is_of_pairs_and_not_of_medians():
    """10 against 1 and 2 against 2 are 10 and 1, whose median is 5.5; the medians 6 and 1.5 would give 4."""
    assert ratios([10.0, 2.0], [1.0, 2.0])["median"] == 5.5


def test_each_target_is_met_or_missed_by_the_worst_assignment():
    said = {t.what: (t.value, t.met) for t in report.targets(measured())}
    assert said["a submission against a cold nbgrader or otter command"] == ("120 ×", True)
    assert said["a submission against one more in a batch of nbgrader"] == ("19.0 ×", False)
    assert said["the same work in the sandbox against the floor"] == ("1.50 ×", True)
    assert said["… with causes, pictures and the result file"] == ("2.70 ×", False)
    assert said["1,000 submissions of A2 on 2 cores"] == ("29.0 s", True)
    assert said["memory of all processes, 100 to 1,000 submissions"] == ("5.00 %", True)
    assert said["memory of the command's own process, 100 to 1,000"] == ("20.0 %", False)
    assert said["start to first result"] == ("2.00 s", False)
    assert said["autograder --help"] == ("0.20 s", True)


def test_what_was_not_measured_meets_and_misses_nothing():
    found = measured(commands={})
    del found["assignments"]["a1_gradient_ascent"]["tools"]
    assert [t.met for t in report.targets(found)] == [None, None, True, False, None, None, None, None, None]


def test_the_pages_have_a_place_for_every_table(tmp_path):
    (tmp_path / "docs").mkdir()
    for name in (f"docs/{page.SHORT}", f"docs/{page.FILE}"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    page.write(tmp_path, measured())
    text = (tmp_path / "docs" / page.FILE).read_text()
    assert "| a submission against a cold nbgrader or otter command | ≥ 100 × | 120 × | met |" in text
    assert "| start of its process | 1.00 (9 %) |" in text
    assert "| 1,000 | 29.0 | 210 | 120 |" in text
    assert "| `otter run`, one command: × ours | 120 |" in (tmp_path / "docs" / page.SHORT).read_text()
    assert (tmp_path / "docs" / page.PLOT).is_file()


def test_a_page_without_the_place_is_refused():
    with pytest.raises(ValueError, match="expected one <!-- targets -->"):
        page.replaced("# Nothing here\n", "targets", "| a |")


def test_the_same_numbers_draw_the_same_picture(tmp_path):
    for name in ("a.svg", "b.svg"):
        plot.draw(measured(), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
