"""The counts of assignment 3, against numbers worked by hand and a search over every bracketing."""

import itertools

import numpy as np
import pytest

from reference_impl import complexity

CLASSIFIER = (784, 512, 512, 10, 1)


class TestBothEnds:
    def test_the_example_of_the_assignment(self):
        """3·(5·4 + 2·5) = 90 and 2·(5·4 + 4·3) = 64."""
        assert complexity.forward_macs((3, 4, 5, 2)) == 90
        assert complexity.reverse_macs((3, 4, 5, 2)) == 64

    def test_a_classifier_with_a_scalar_cost(self):
        """784·(512·512 + 10·512 + 10), and 10·512 + 512·512 + 512·784."""
        assert complexity.forward_macs(CLASSIFIER) == 209_542_816
        assert complexity.reverse_macs(CLASSIFIER) == 668_672
        assert round(209_542_816 / 668_672, 1) == 313.4

    def test_more_inputs_than_outputs_and_forward_is_cheaper(self):
        """6·(2·1000 + 5·2) = 12,060 and 5·(2·1000 + 1000·6) = 40,000."""
        dims = (6, 1000, 2, 5)
        assert complexity.forward_macs(dims) == 12_060
        assert complexity.reverse_macs(dims) == 40_000
        assert complexity.cheaper_mode(dims) == "forward"

    def test_one_layer_costs_nothing(self):
        assert complexity.forward_macs((7, 3)) == complexity.reverse_macs((7, 3)) == 0

    def test_two_layers_always_tie(self):
        assert complexity.forward_macs((9, 4, 2)) == complexity.reverse_macs((9, 4, 2)) == 72
        assert complexity.cheaper_mode((9, 4, 2)) == "tie"

    def test_counts_are_exact_where_floats_and_64_bits_are_not(self):
        """n**3 eleven times, with n odd: 1.1e19 lies beyond 2**63, and its last digit is odd."""
        n = 1_000_001
        assert complexity.forward_macs([np.int64(n)] * 13) == 11 * 1_000_003_000_003_000_001

    @pytest.mark.parametrize(
        ("dims", "mode"), [((7, 5, 5, 6), "reverse"), ((6, 5, 5, 7), "forward"), ((6, 5, 5, 6), "tie")]
    )
    def test_between_equal_hidden_widths_the_ends_decide(self, dims, mode):
        assert complexity.cheaper_mode(dims) == mode

    @pytest.mark.parametrize("dims", [(3,), (), (3, 0, 2), (3, -1)])
    def test_widths_that_are_no_chain_are_refused(self, dims):
        with pytest.raises(ValueError, match="dims: expected at least two widths"):
            complexity.forward_macs(dims)


class TestSeededPasses:
    def test_a_pass_walks_through_every_layer(self):
        """4·3 + 5·4 + 2·5 = 42 a pass; 3 columns or 2 rows."""
        assert complexity.pass_macs((3, 4, 5, 2)) == 42
        assert complexity.seeded_macs((3, 4, 5, 2)) == (126, 84)

    def test_a_seed_costs_the_last_jacobian_more_than_the_products(self):
        assert complexity.seeded_macs(CLASSIFIER)[1] - complexity.reverse_macs(CLASSIFIER) == 10


class TestMlp:
    def test_the_example_of_the_assignment(self):
        """4 + 4 forward; 4 + 2·4 backward."""
        assert complexity.mlp_macs(1, 2, 2, 2) == {"forward": 8, "backward": 12, "gradient_over_forward": 2.5}

    def test_all_widths_distinct(self):
        """3·5·7 = 105 and 3·7·2 = 42: forward 147, backward 105 + 84 = 189; together 336 / 147 = 16 / 7."""
        counts = complexity.mlp_macs(3, 5, 7, 2)
        assert (counts["forward"], counts["backward"]) == (147, 189)
        assert counts["gradient_over_forward"] == pytest.approx(16 / 7, rel=1e-15)

    @pytest.mark.parametrize(("D", "K"), [(10**6, 1), (1, 10**6)])
    def test_the_ratio_stays_between_two_and_three(self, D, K):
        assert 2 < complexity.mlp_macs(1, D, 5, K)["gradient_over_forward"] < 3


class TestOptimalBracketing:
    def test_neither_end_is_best_around_a_narrow_waist(self):
        """Two outer products 100·100·2 and 100·2·100, and their product 100·2·100."""
        dims = (100, 100, 2, 100, 100)
        assert complexity.forward_macs(dims) == complexity.reverse_macs(dims) == 1_040_000
        assert complexity.optimal_bracketing(dims) == (60_000, ((3, 2), (1, 0)))

    def test_a_width_of_one_lets_forward_beat_reverse_at_a_scalar_cost(self):
        """J_2 J_1: 1·2·1, then 1·1·1; in reverse 1·1·2 and 1·2·1."""
        dims = (1, 2, 1, 1)
        assert (complexity.forward_macs(dims), complexity.reverse_macs(dims)) == (3, 4)
        assert complexity.optimal_bracketing(dims) == (3, (2, (1, 0)))

    def test_one_layer_is_a_leaf(self):
        assert complexity.optimal_bracketing((3, 4)) == (0, 0)

    def test_no_bracketing_of_a_small_chain_is_cheaper(self):
        rng = np.random.default_rng(5)
        for layers in (2, 3, 4, 5, 6, 7):
            dims = rng.integers(1, 9, layers + 1).tolist()
            trees = list(complexity.bracketings(0, layers - 1))
            cost, tree = complexity.optimal_bracketing(dims)
            assert cost == min(complexity.cost_of(t, dims) for t in trees) == complexity.cost_of(tree, dims)

    def test_small_chains_have_as_many_bracketings_as_catalan_says(self):
        assert [len(list(complexity.bracketings(0, n))) for n in range(6)] == [1, 1, 2, 5, 14, 42]


class TestCostOf:
    def test_the_two_ends_are_two_trees(self):
        dims = (3, 4, 5, 2)
        assert complexity.cost_of((2, (1, 0)), dims) == 90
        assert complexity.cost_of(((2, 1), 0), dims) == 64

    @pytest.mark.parametrize("tree", [((0, 1), 2), (2, 1), ((2, 0), 1), (2, (1, 1))])
    def test_factors_that_do_not_stand_side_by_side_are_refused(self, tree):
        with pytest.raises(ValueError, match="tree: expected"):
            complexity.cost_of(tree, (3, 4, 5, 2))


class TestWhereReverseLoses:
    def test_a_width_of_one_is_found(self):
        dims = complexity.where_reverse_loses((1, 2), 3)
        assert dims is not None
        assert dims[-1] == 1
        assert complexity.optimal_bracketing(dims)[0] < complexity.reverse_macs(dims)

    def test_with_widths_of_two_and_more_there_is_none(self):
        assert complexity.where_reverse_loses((2, 3, 7), 5) is None

    def test_the_step_of_the_proof_holds_exactly_from_two_on(self):
        """abc >= ab + bc for a, c >= 2, with equality at a = c = 2; at a = 1 it fails for every b and c."""
        assert all(a * b * c >= a * b + b * c for a, b, c in itertools.product(range(2, 9), range(1, 9), range(2, 9)))
        assert 2 * 5 * 2 == 2 * 5 + 5 * 2
        assert all(b * c < b + b * c for b, c in itertools.product(range(1, 9), repeat=2))


class TestMemory:
    def test_reverse_keeps_all_inputs_and_forward_two_vectors(self):
        """784 + 512 + 512 + 10, against 2·784."""
        assert complexity.stored_inputs(CLASSIFIER) == 1818
        assert complexity.forward_buffers(CLASSIFIER) == 1568

    def test_checkpoints_and_one_segment(self):
        assert [complexity.checkpoint_memory(10, k) for k in (1, 2, 3, 4, 5, 10)] == [11, 7, 7, 7, 7, 11]

    def test_the_best_interval_lies_around_the_square_root(self):
        assert complexity.best_intervals(10) == (2, 3, 4, 5)
        assert complexity.best_intervals(100) == (10,)
        assert complexity.best_intervals(1) == (1,)
