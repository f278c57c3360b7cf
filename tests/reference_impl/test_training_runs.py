"""Trainings that may be ill: each kind shows what A2's text says of it, and no other kind does."""

import numpy as np
import pytest

from reference_impl.training_runs import EXAMPLES, KINDS, MOST_STEPS, draw_run

DRAWS = 12


def shown(kind, seed):
    """The signs of one run: first cost above ln K, whether it moves, its jumps, and the ends on ten and on all."""
    rng = np.random.default_rng(seed)
    n_classes = int(rng.integers(3, 7))
    run = draw_run(rng, kind, n_classes)
    whole, ten, slow = run(EXAMPLES, MOST_STEPS, 1.0), run(10, MOST_STEPS, 1.0), run(EXAMPLES, MOST_STEPS, 0.05)
    return {
        "start": whole[0] - np.log(n_classes),
        "moves": bool(np.any(whole != whole[0])),
        "jump": whole.max() / whole[0] if np.isfinite(whole).all() else np.inf,
        "slow": slow[-1] / slow[0],
        "ten": ten[-1] / ten[0],
        "whole": whole[-1] / whole[0],
    }


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_sign_and_no_other(kind):
    """The bounds lie far from what is asked: 0.3 above ln K; a jump; a fall on ten, and on all."""
    for seed in range(DRAWS):
        signs = shown(kind, seed)
        assert (0.65 <= signs["start"] < 1.1) if kind == "starts too high" else (abs(signs["start"]) < 0.15)
        assert signs["moves"] == (kind != "never moves")
        assert (signs["jump"] > 5) if kind == "rate too large" else (signs["jump"] < 1.2)
        if kind == "rate too large":
            assert signs["slow"] < 0.1
        if kind == "cannot overfit ten":
            assert 0.3 < signs["ten"] < 0.995
        if kind in {"fine", "labels shuffled"}:
            assert signs["ten"] < 0.1
            assert (signs["whole"] < 0.05) == (kind == "fine")
        if kind == "labels shuffled":
            assert signs["whole"] > 0.5


def test_a_run_starts_anew_each_time_and_has_one_cost_a_step():
    run = draw_run(np.random.default_rng(0), "fine", 3)
    first, again = run(20, 7, 1.0), run(20, 7, 1.0)
    np.testing.assert_array_equal(first, again)
    assert first.shape == (7,)
    assert run(10**6, 10**6, 1.0).shape == (MOST_STEPS,)
    assert run(0, 0, 1.0).shape == (0,)
