"""Numbers worked out another way: by numpy from the definitions, by hand, and by simulation."""

import math
import unittest

import numpy as np
import recount_forensics as rf

SIZES = np.random.default_rng(2).integers(300, 2500, 3000)


def chance_by_definition(k, n):
    """The chance of a whole percentage under Bin(n, k/n), all counts added up."""
    counts = np.arange(n + 1)
    log = np.array([math.lgamma(j + 1) for j in range(n + 1)])
    p = k / n
    mass = np.exp(log[n] - log - log[::-1] + counts * math.log(p) + (n - counts) * math.log1p(-p))
    rest = 100 * counts % n
    return mass[20 * np.minimum(rest, n - rest) <= n].sum()


class Integer(unittest.TestCase):
    """The exact null."""

    def test_chances_by_definition(self):
        table = rf.simulate(SIZES[:60], seed=4)
        own = rf.integer_stations(table)
        for row, turnout, share in zip(own["row"], own["chance_turnout"], own["chance_share"]):
            registered, issued, found, leader = (int(column[row]) for column in table.values())
            self.assertAlmostEqual(turnout, chance_by_definition(issued, registered), places=9)
            self.assertAlmostEqual(share, chance_by_definition(leader, found), places=9)

    def test_hits_in_whole_numbers(self):
        # 621 of 2000 is 31.05 %: on the edge and in, which floats lose.
        table = {name: np.array(own) for name, own in [("registered", [2000, 2000]), ("issued", [621, 622]), ("found", [621, 622]), ("leader", [100, 100])]}
        self.assertEqual(rf.integer_stations(table)["hits_turnout"].tolist(), [True, False])

    def test_the_monte_carlo_agrees(self):
        table = rf.simulate(SIZES, seed=6)
        exact, drawn = rf.integer(table)["either"]["stations"], rf.monte_carlo(table, draws=2000)
        self.assertEqual(drawn["counts"].shape, (2000,))
        self.assertLess(abs(drawn["mean"] - exact["mean"]), 4 * exact["sd"] / math.sqrt(2000))
        self.assertLess(abs(drawn["sd"] / exact["sd"] - 1), 0.08)

    def test_clean_elections_pass_and_rounded_ones_do_not(self):
        z = [rf.integer(rf.simulate(SIZES, number=number))["either"]["stations"]["z"] for number in range(200)]
        self.assertLess(abs(np.mean(z)), 0.3)
        self.assertLess(np.mean(np.array(z) > 1.6449), 0.12)
        rounded = rf.integer(rf.simulate(SIZES, alteration="round_five", fraction=0.1))
        self.assertGreater(rounded["turnout"]["stations"]["z"], 8)
        self.assertEqual(rounded["turnout"]["tail"], {"p": 1e-15, "kind": "bound"})


class Simulated(unittest.TestCase):
    """Elections drawn."""

    def test_the_seed_decides(self):
        same, again, other = rf.simulate(SIZES, seed=1), rf.simulate(SIZES, seed=1), rf.simulate(SIZES, seed=1, number=1)
        for name in same:
            self.assertEqual(same[name].tolist(), again[name].tolist())
        self.assertNotEqual(same["issued"].tolist(), other["issued"].tolist())
        self.assertEqual(same["registered"].tolist(), SIZES.tolist())
        # Fixed on every machine.
        self.assertEqual(rf.simulate([1000, 2000, 3000], seed=1)["issued"].tolist(), FIXED_ISSUED)

    def test_the_recipe(self):
        table = rf.simulate(SIZES, turnout=0.7, turnout_spread=0.02, share=0.3, share_spread=0.01)
        self.assertAlmostEqual((table["issued"] / table["registered"]).mean(), 0.7, places=2)
        self.assertAlmostEqual((table["leader"] / table["found"]).mean(), 0.3, places=2)

    def test_shapes_see_what_was_done(self):
        clean, stuffed = rf.simulate(SIZES), rf.simulate(SIZES, alteration="stuff", fraction=0.4)
        self.assertGreater(rf.slopes(stuffed)["leader"]["slope"], rf.slopes(clean)["leader"]["slope"] + 0.1)
        self.assertEqual(rf.fingerprint(clean)["cells"].sum(), 3000)
        self.assertEqual(rf.fingerprint(clean, side=10, by_registered=True)["cells"].sum(), SIZES.sum())
        core = rf.comet_core(clean)
        self.assertLess(abs(core["raw"][0] - 55), 3)
        equal = {"registered": np.full(40, 1000), "issued": np.full(40, 900), "found": np.full(40, 900), "leader": np.full(40, 450)}
        equal["leader"][::2] += 1
        found = rf.agreement(equal, district=np.zeros(40, dtype=int))
        self.assertTrue(found["flagged"][0])
        self.assertEqual(rf.twins(equal)["pairs"], 2 * 20 * 19 // 2)


# Drawn once and kept: a change of any figure is a change of every seeded result.
FIXED_ISSUED = [517, 1212, 1718]


class QuickCounts(unittest.TestCase):
    """Estimates from drawn stations."""

    def test_by_hand(self):
        # Three of ten stations: p = 60 / 150; residuals 0, 4, -4; s2 = 16; v = 100 * 0.7 * 16 / 3 / 500^2.
        own = rf.quick_count([20, 24, 16], [50, 50, 50], ["x", "x", "x"], {"x": 10})
        self.assertAlmostEqual(own["share"], 0.4, places=12)
        self.assertAlmostEqual(own["error"], math.sqrt(100 * 0.7 * 16 / 3) / 500, places=12)
        self.assertAlmostEqual(own["interval"][1] - 0.4, 4.30265273 * own["error"], places=7)
        self.assertEqual((own["freedom"], own["denominator"], own["stations"]), (2, "valid", 3))

    def test_coverage(self):
        table = rf.simulate(SIZES, seed=9)
        stratum = np.where(np.arange(3000) < 1000, "north", "south")
        shares = rf.quick_shares({"north": 1000, "south": 2000}, 120)
        self.assertEqual(shares, {"north": 40, "south": 80})
        truth, inside = table["leader"].sum() / table["found"].sum(), 0
        for seed in range(300):
            drawn = rf.quick_sample(stratum, shares, seed)
            self.assertEqual((len(drawn), (drawn < 1000).sum()), (120, 40))
            own = rf.quick_count(table["leader"][drawn], table["found"][drawn], stratum[drawn], {"north": 1000, "south": 2000})
            inside += own["interval"][0] <= truth <= own["interval"][1]
        self.assertGreater(inside / 300, 0.91)
        self.assertLess(inside / 300, 0.985)

    def test_early_returns_bounds_and_sizes(self):
        own = rf.quick_early([10, 20, 50, 60, 80], [100] * 5, [0, 0, 1, 2, 2], {0: 40, 1: 40, 2: 40})
        self.assertAlmostEqual(own["share"], (40 * 15 + 80 * 190 / 3) / 12_000, places=12)
        bounds = rf.quick_bounds(0.5, 0.2)
        self.assertAlmostEqual(bounds["between"][0], 0.4)
        self.assertAlmostEqual(bounds["between"][1], 0.6)
        self.assertEqual(rf.quick_classes([0] * 6, [10, 60, 20, 50, 30, 40]).tolist(), [0, 2, 0, 2, 1, 1])
        self.assertEqual(rf.quick_size(0.0, 1.0, 0.01, 100), 2)
        self.assertEqual(rf.quick_shares({0: 100, 1: 300, 2: 1}, 41, spread={0: 3.0, 1: 1.0, 2: 0.0}), {0: 20, 1: 20, 2: 1})

    def test_two_stages_by_hand(self):
        # As in the library's own test: p = 280 / 600; z = 6.667, -13.333, 6.667; v = 1.5 * 266.667 / 600^2.
        own = rf.quick_clusters([30, 20, 20, 25], [50] * 4, ["x", "x", "y", "z"], ["s"] * 4, [2.0, 2.0, 4.0, 4.0], {"s": 9})
        self.assertAlmostEqual(own["estimate"]["share"], 280 / 600, places=12)
        self.assertAlmostEqual(own["estimate"]["error"], math.sqrt(1.5 * 800 / 3) / 600, places=12)
        self.assertEqual((own["units"], own["estimate"]["freedom"], own["estimate"]["stations"]), (3, 2.0, 4))
        with self.assertRaisesRegex(ValueError, 'stratum "s" has returns from 1 of 9 units'):
            rf.quick_clusters([30, 20], [50, 50], ["x", "x"], ["s", "s"], [2.0, 2.0], {"s": 9})
        with self.assertRaisesRegex(ValueError, r"weight\[1\] is 0"):
            rf.quick_clusters([30, 20], [50, 50], ["x", "y"], ["s", "s"], [2.0, 0.0], {"s": 9})

    def test_coverage_in_two_stages(self):
        table = rf.simulate(SIZES, seed=9)
        unit = np.arange(3000) // 10
        # Stations of one unit resemble each other: a fifth of the leader's voters elsewhere in every other unit.
        leader = np.where(unit % 2 == 0, table["leader"] * 4 // 5, table["leader"])
        stratum = np.where(np.arange(3000) < 1000, "north", "south")
        truth, inside, effects = leader.sum() / table["found"].sum(), 0, []
        for seed in range(300):
            drawn = rf.quick_two_stage(unit, table["registered"], stratum, {"north": 15, "south": 30}, within=4, seed=seed)
            row = drawn["row"]
            self.assertEqual((len(row), len(set(drawn["unit"].tolist()))), (180, 45))
            self.assertEqual(drawn["unit"].tolist(), unit[row].tolist())
            self.assertEqual(drawn["stratum"], stratum[row].tolist())
            self.assertEqual(drawn["units"], {"north": 100, "south": 200})
            own = rf.quick_clusters(leader[row], table["found"][row], drawn["unit"], drawn["stratum"], drawn["weight"], drawn["units"])
            low, high = own["estimate"]["interval"]
            inside += low <= truth <= high
            effects.append(own["design_effect"])
        self.assertGreater(inside / 300, 0.91)
        self.assertGreater(np.mean(effects), 1.2)
        with self.assertRaisesRegex(ValueError, r"stratum\[1\] is not that of the other stations of its unit"):
            rf.quick_two_stage([7, 7], [10, 20], ["a", "b"], {"a": 1, "b": 1}, within=1, seed=1)

    def test_refusals(self):
        with self.assertRaisesRegex(ValueError, 'stratum "b" has 1 returns of 5 stations'):
            rf.quick_count([1, 2, 1], [2, 3, 2], ["a", "a", "b"], {"a": 10, "b": 5})
        with self.assertRaisesRegex(ValueError, 'stratum "c" is not in the register'):
            rf.quick_count([1, 2, 1], [2, 3, 2], ["a", "a", "c"], {"a": 10, "b": 5})
        with self.assertRaisesRegex(ValueError, "stratum 7 has more returns"):
            rf.quick_count([1, 2, 1], [2, 3, 2], [7, 7, 7], {7: 2})
        with self.assertRaisesRegex(ValueError, "no votes to take a share of"):
            rf.quick_count([0.0], [0.0], [1], {1: 1})
        with self.assertRaisesRegex(ValueError, r"votes\[1\] is NaN"):
            rf.quick_count([1.0, math.nan], [2, 3], [1, 1], {1: 5})
        with self.assertRaisesRegex(ValueError, "level: 95"):
            rf.quick_count([1, 2], [2, 3], [1, 1], {1: 5}, level=95)
        with self.assertRaisesRegex(ValueError, "of has 1 values"):
            rf.quick_count([1, 2], [2], [1, 1], {1: 5})
        with self.assertRaisesRegex(ValueError, "missing: 2"):
            rf.quick_bounds(0.5, 2.0)


class Beside(unittest.TestCase):
    """Two counts, and two elections."""

    def test_pairs_by_hand(self):
        first = {"valid": [100, 100, 100, 100, 100], "a": [50, 50, 50, 50, 50], "b": [30, 30, 30, 30, 30], "c": [20] * 5}
        second = {"valid": [100, 100, 100, 123, None], "a": [50, 50, 50, 71, math.nan], "b": [30, 30, 41, 30, 30], "c": [20, 29, 9, 22, 20]}
        own = rf.pairs(first, second)
        self.assertEqual((own["stations"], own["classes"], own["columns"]), (5, [2, 1, 1, 1], ["valid", "a", "b", "c"]))
        self.assertEqual(own["net"], [23, 21, 11, 9 - 11 + 2])
        self.assertEqual(own["absolute"], [23, 21, 11, 22])
        self.assertEqual([each["class"] for each in own["differences"]], ["digit_edit", "few_figures", "rewrite"])
        self.assertEqual(own["differences"][0], {"place": 1, "class": "digit_edit", "columns": [[3, 20, 29]]})
        for bad, why in [({"a": [1, 2.5]}, r'second\["a"\]\[1\] is 2.5'), ({"b": [1, 2]}, 'no column "a"'), ({"a": [1]}, "has 1 values")]:
            with self.assertRaisesRegex(ValueError, why):
                rf.pairs({"a": [1, 2]}, bad)

    def test_only_a_drawn_sample_is_scaled_up(self):
        own = rf.pairs_total([0, 0, 10, -2], 400)
        self.assertAlmostEqual(own["total"], 800)
        error = math.sqrt(400**2 * (1 - 4 / 400) * np.var([0, 0, 10, -2], ddof=1) / 4)
        self.assertAlmostEqual(own["interval"][1] - 800, 3.18244631 * error, places=4)
        with self.assertRaisesRegex(ValueError, "at least two"):
            rf.pairs_total([1], 400)

    def test_a_known_flow_comes_back(self):
        rng = np.random.default_rng(3)
        truth = np.array([[0.9, 0.1, 0.0], [0.2, 0.5, 0.3], [0.0, 0.0, 1.0]])
        x = rng.dirichlet([4, 3, 5], 80)
        y = x @ truth
        columns = lambda names, rows: dict(zip(names, rows.T))
        own = rf.flow(columns(["p", "q", "home"], x), columns(["p", "r", "home"], y))
        np.testing.assert_allclose(own["free"], truth, atol=1e-10)
        np.testing.assert_allclose(own["constrained"], truth, atol=1e-7)
        self.assertEqual((own["units"], own["before"], own["after"]), (80, ["p", "q", "home"], ["p", "r", "home"]))
        noisy = y + rng.normal(0, 0.05, y.shape)
        own = rf.flow(columns("abc", x), columns("abc", noisy))
        np.testing.assert_allclose(own["free"], np.linalg.lstsq(x, noisy, rcond=None)[0], atol=1e-10)
        self.assertTrue((own["constrained"] >= 0).all())
        np.testing.assert_allclose(own["constrained"].sum(axis=1), 1, atol=1e-12)
        self.assertAlmostEqual(own["objective"], ((noisy - x @ own["constrained"]) ** 2).sum(), places=12)
        with self.assertRaisesRegex(ValueError, "cannot be told apart"):
            rf.flow({"a": x[:, 0], "b": x[:, 0]}, {"a": y[:, 0]})
        with self.assertRaisesRegex(ValueError, "after has 79 units"):
            rf.flow({"a": x[:, 0]}, {"a": y[1:, 0]})


if __name__ == "__main__":
    unittest.main(verbosity=1)
