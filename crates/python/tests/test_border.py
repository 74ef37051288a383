"""What Python may hand over: every kind of column that holds whole numbers, and words for every kind that does not."""

import array
import threading
import unittest

import numpy as np
import recount_forensics as rf

SIZES = np.random.default_rng(1).integers(300, 2500, 400)


def election(**how):
    return rf.simulate(SIZES, **how)


class Columns(unittest.TestCase):
    """The same numbers in another dress give the same answer."""

    def setUp(self):
        self.table = election()
        self.expected = rf.integer(self.table)

    def test_every_whole_kind(self):
        for kind in ["int32", "int64", "uint16", "uint32", "uint64", ">i4", ">u8"]:
            dressed = {name: column.astype(kind) for name, column in self.table.items()}
            self.assertEqual(rf.integer(dressed), self.expected, kind)

    def test_strides_lists_buffers_and_records(self):
        spread = {name: np.repeat(column, 3)[::3] for name, column in self.table.items()}
        self.assertFalse(spread["issued"].flags.c_contiguous)
        self.assertEqual(rf.integer(spread), self.expected)
        backward = {name: column[::-1].copy()[::-1] for name, column in self.table.items()}
        self.assertEqual(rf.integer(backward), self.expected)
        self.assertEqual(rf.integer({name: column.tolist() for name, column in self.table.items()}), self.expected)
        self.assertEqual(rf.integer({name: array.array("q", column.tolist()) for name, column in self.table.items()}), self.expected)
        self.assertEqual(rf.integer({name: column.astype(object) for name, column in self.table.items()}), self.expected)
        record = np.zeros(len(SIZES), dtype=[(name, "<u4") for name in self.table])
        for name, column in self.table.items():
            record[name] = column
        self.assertEqual(rf.integer(record), self.expected)

    def test_what_comes_back_is_the_callers(self):
        self.table["issued"][0] += 1
        self.assertEqual(self.table["issued"].dtype, np.int64)
        self.assertNotEqual(rf.integer(self.table)["turnout"]["stations"], self.expected["turnout"]["stations"])


class Refused(unittest.TestCase):
    """A ValueError that names the column and the place, and nothing computed."""

    def refused(self, words, **columns):
        table = election() | columns
        for call in [rf.integer, rf.slopes, rf.twins, rf.extremes, rf.fingerprint, rf.mixture, rf.shpilkin]:
            with self.assertRaisesRegex(ValueError, words, msg=call.__name__):
                call(table)

    def test_values(self):
        column = election()["issued"]
        self.refused(r"issued\[7\] is -3, which is negative", issued=np.where(np.arange(400) == 7, -3, column))
        self.refused(r"issued\[9\] is 4294967296, which is more", issued=np.where(np.arange(400) == 9, 2**32, column))
        self.refused(r"issued\[9\] is 18446744073709551615", issued=np.where(np.arange(400) == 9, np.uint64(2**64 - 1), column.astype("uint64")))
        self.refused(r"issued holds floats \(float64\)", issued=column.astype(float))
        missing = column.astype(float)
        missing[5] = np.nan
        self.refused(r"issued\[5\] is missing \(NaN\)", issued=missing)
        missing[5] = 0.5
        self.refused(r"issued\[5\] is 0.5", issued=missing)
        missing[5] = np.inf
        self.refused(r"issued\[5\] is inf", issued=missing)
        self.refused(r"issued\[3\] is None", issued=np.where(np.arange(400) == 3, None, column.astype(object)))
        self.refused(r"issued\[3\] is True", issued=np.where(np.arange(400) == 3, True, column.astype(object)))
        self.refused(r"issued\[3\] is 1000", issued=np.where(np.arange(400) == 3, 10**30, column.astype(object)))
        self.refused("issued holds bool", issued=column > 0)
        self.refused("issued holds <U", issued=column.astype(str))
        self.refused("issued holds datetime64", issued=column.astype("datetime64[s]"))
        self.refused("issued holds complex128", issued=column.astype(complex))
        self.refused("masked", issued=np.ma.masked_less(column, 400))

    def test_shapes(self):
        column = election()["issued"]
        self.refused(r"issued has the shape \[400, 1\]", issued=column.reshape(-1, 1))
        self.refused("`issued` has 399 rows where 400 were expected", issued=column[:-1])
        self.refused("issued is a single value", issued=5)
        self.refused("issued", issued=[[1, 2], [3]])
        self.refused("issued", issued=None)
        self.refused("issued", issued=object())

    def test_tables(self):
        for table in [None, 5, [], {}, "registered", np.zeros(3)]:
            with self.assertRaisesRegex(ValueError, 'no column "registered"'):
                rf.integer(table)

    def test_groups(self):
        table = election()
        with self.assertRaisesRegex(ValueError, 'no column "district"'):
            rf.agreement(table)
        for words, district in [
            ("district has 399 values where there are 400 stations", np.zeros(399, dtype=int)),
            (r"district\[0\] is 0.5", np.full(400, 0.5)),
            (r"district\[2\] is None", ["a", "b", None] + ["c"] * 397),
            (r"district\[1\] is 'b'", [1, "b"] + [2] * 398),
            ('no column "nowhere"', "nowhere"),
        ]:
            if isinstance(district, list):
                district = np.array(district, dtype=object)
            with self.assertRaisesRegex(ValueError, words if "0.5" not in words else "district"):
                rf.agreement(table, district=district)

    def test_arguments(self):
        table = election()
        for words, call in [
            ("there is either, turnout, share", lambda: rf.robustness(table, which="both")),
            ("period: 0 does not lie", lambda: rf.integer(table, period=0)),
            ("period: 101", lambda: rf.integer(table, period=101)),
            ("q: 1 does not lie", lambda: rf.spikes(table, q=1.0)),
            ("q: NaN", lambda: rf.spikes(table, q=float("nan"))),
            ("elections: 3", lambda: rf.calibrate(table, elections=3)),
            ("draws: 5", lambda: rf.report(table, draws=5)),
            ("side: 100000", lambda: rf.fingerprint(table, side=100_000)),
            ("there is no \"magic\"", lambda: rf.calibrate(table, checks=["magic"])),
            ("rho: 2", lambda: election(rho=2.0)),
            ("turnout: NaN", lambda: election(turnout=float("nan"))),
            ("there is stuff, steal", lambda: election(alteration="burn")),
            ("lists must be a dict", lambda: rf.report(table | {"lists": [1]})),
            ("there is no list \"x\"", lambda: rf.report(table | {"leader_list": "x"})),
            ("subject: ", lambda: rf.report(table | {"subject": {"title": 5}})),
            ("no station has", lambda: rf.report(table | {"station": list(range(400))}, before=table | {"station": list(range(900, 1300))})),
        ]:
            with self.assertRaisesRegex(ValueError, words):
                call()
        with self.assertRaises(OverflowError):
            rf.integer(table, at_least=-1)
        with self.assertRaises(TypeError):
            rf.integer(table, period=1.5)
        with self.assertRaises(OSError):
            rf.read("/nowhere/at/all.csv")


class Extremes(unittest.TestCase):
    """Tables that no election makes are answered, not crashed into."""

    def calls(self, table):
        groups = np.arange(len(table["issued"])) // 20
        table = table | {"district": groups, "region": groups // 3, "lists": {"a": table["leader"], "b": table["issued"]}}
        rf.integer(table)
        rf.integer(table, at_least=None, period=7)
        rf.integer_stations(table, at_least=None)
        rf.integer_groups(table)
        rf.robustness(table)
        rf.monte_carlo(table, draws=3)
        for percentage in ["turnout", "share"]:
            rf.spikes(table, percentage)
            rf.agreement(table, percentage)
            rf.outliers(table, percentage)
        for call in [rf.twins, rf.heaps, rf.digit_edits, rf.extremes, rf.fingerprint, rf.standardised, rf.shpilkin, rf.comet_core, rf.slopes]:
            call(table)
        rf.klimek(table, draws=10)
        rf.outside(table, table["issued"])
        rf.digits(table, knowing_that_clean_elections_fail=True)
        rf.mixture(table, stations=60)
        rf.calibrate(table, elections=20)
        rf.report(table, elections=20, draws=10, digits=True)

    def test_odd_elections(self):
        none, one = np.zeros(0, dtype=int), np.ones(1, dtype=int)
        most, many = np.full(2, 2**32 - 1), np.arange(300)
        odd = [
            (none, none, none, none),
            (one, one, one, one),
            (one * 0, one, one, one),
            (most, most, most, most),
            (most, most - 1, most - 7, most // 2),
            (many * 0, many, many, many),
            (many, many * 2, many * 3, many * 4),
            (many + 100, many * 0, many * 0, many * 0),
            (many + 100, many, many * 0 + 2**32 - 1, many),
        ]
        for registered, issued, found, leader in odd:
            with self.subTest(registered=registered[:2], issued=issued[:2]):
                self.calls({"registered": registered, "issued": issued, "found": found, "leader": leader})


class Threads(unittest.TestCase):
    """The interpreter goes on while numbers are worked on."""

    def test_the_lock_is_given_up(self):
        table, done, seen = election(), threading.Event(), []

        def work():
            rf.calibrate(table, elections=400, threads=1)
            done.set()

        worker = threading.Thread(target=work)
        worker.start()
        while not done.is_set():
            seen.append(len(seen))
            done.wait(0.001)
        worker.join()
        self.assertGreater(len(seen), 3)


if __name__ == "__main__":
    unittest.main(verbosity=1)
