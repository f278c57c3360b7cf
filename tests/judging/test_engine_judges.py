"""Question 11 of assignment 4: what a student's test of engines scores does not hang on the draw."""

import importlib.util

import numpy as np
import pytest
from bundled import bundled_samples, bundled_suite

from autograder.course import bundled_course
from reference_impl import engine_faults

ASSIGNMENT = bundled_suite("a4_autodiff_engine")
WEAK = {"judge_no_aliasing": "memory", "judge_no_chain": "size", "judge_two_uses_only": "uses"}


def author():
    cell = next(c for c in ASSIGNMENT.cells if c.role == "solution" and "def judge" in c.source)
    return cell.source


def judge_of(source):
    names = {"np": np}
    exec(source, names)
    return names["judge"]


def trial():
    path = bundled_course().solutions / "a4_autodiff_engine" / "hidden_checks.py"
    spec = importlib.util.spec_from_file_location("checks_of_a4", path)
    checks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(checks)
    return checks.ENGINES_TRIAL


def missed(judge, name, disguise):
    maker = engine_faults.ENGINES[name]
    engine = maker.make()

    def disguised(program, xs, u):
        with np.errstate(all="ignore"):  # a test may try infinity
            return engine_faults.DISGUISES[disguise](engine(program, [x.copy() for x in xs], u.copy()))

    return judge(disguised) != (maker.group == engine_faults.RIGHT)


@pytest.mark.parametrize("weak", ["author", *WEAK])
def test_a_judge_says_the_same_of_an_engine_behind_each_disguise(weak):
    sources = {sample.name: sample.source for sample in bundled_samples(ASSIGNMENT.name)} | {"author": author()}
    judge = judge_of(sources[weak])
    lost = {
        d: {engine_faults.ENGINES[n].group for n in engine_faults.ENGINES if missed(judge, n, d)}
        for d in engine_faults.DISGUISES
    }
    assert all(groups == ({WEAK[weak]} if weak in WEAK else set()) for groups in lost.values()), lost


def test_every_draw_asks_about_every_engine():
    class Sleepy:
        def judge(self, engine):
            return True

    for seed in range(50):
        assert set(trial_verdicts(Sleepy(), seed)) == set(engine_faults.ENGINES)


def trial_verdicts(student, seed):
    return TRIAL.verdicts(student, np.random.default_rng(seed))


TRIAL = trial()
