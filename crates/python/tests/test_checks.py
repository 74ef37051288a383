"""The package against the command's JSON on the same table, to the last digit, and each function against the report."""

import json
import os
import subprocess
import tempfile
import unittest
from csv import reader, writer
from pathlib import Path

import numpy as np
import recount_forensics as rf

MAP = """
schema = "recount-map/1"
set = "made-up"
title = "A made-up council"
origin = "written by this test"
licence = "CC0"
[contest]
id = "council"
kind = "list"
unit = "country"
[[unit]]
level = "national"
id = "country"
name = "Country"
[[unit]]
level = "region"
id = "r{region}"
name = "Region {region}"
[[unit]]
level = "district"
id = "r{region}-d{district}"
name = "District {district}"
[station]
id = "s{station}"
expected = "registered"
[lines]
registered = "registered"
issued_early = "early"
issued_station = "issued"
valid = "valid"
invalid = "invalid"
[votes]
prefix = "for_"
[[pass]]
id = "count"
source = "hand"
"""

TWO = MAP.replace('id = "count"\nsource = "hand"\n', 'id = "hand"\nsource = "hand"\nwhere = { count = "hand" }\n[[pass]]\nid = "machine"\nsource = "machine"\nwhere = { count = "machine" }\n')

SETTINGS = {"seed": 3, "elections": 40, "draws": 20}


def rows(stations=600, seed=5):
    """Stations in two regions of 12 districts; in the second region a third of the turnouts are whole, and one district is uniform.

    Plain integers, no drawing.
    """
    for place in range(stations):
        region = 1 + 2 * place // stations
        registered = 600 + (place * 131 + seed) % 1900
        issued = registered * (380 + (place * 77) % 310) // 1000
        if region == 2 and place % 3 == 0:
            registered = registered // 100 * 100
            issued = registered * 6 // 10
        if place // 25 == 20:
            issued = registered * 617 // 1000
        early = issued * (place * 13 % 40) // 200
        invalid = place % 7
        valid = issued - invalid
        a = valid * (300 + (place * 59) % 400) // 1000
        c = min(place % 3, valid - a)
        yield place, region, place // 25, registered, early, issued - early, valid, invalid, a, valid - a - c, c


def csv(path, **how):
    """The rows as a file; the last line is a station without a protocol."""
    head = "station,region,district,registered,early,issued,valid,invalid,for_a,for_b,for_c"
    lines = [head, *(",".join(map(str, row)) for row in rows(**how)), "9999,2,23,700,,,,,,,"]
    path.write_text("\n".join(lines) + "\n")


class WithTable(unittest.TestCase):
    """A table on disk, read once."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        csv(cls.path / "table.csv")
        (cls.path / "map.toml").write_text(MAP)
        cls.table = rf.read(cls.path / "table.csv", cls.path / "map.toml")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()


class AgainstTheCommand(WithTable):
    """What Python gets is what the command prints."""

    def command(self, *more):
        program = os.environ.get("RECOUNT")
        if not program:
            print("SKIPPED: the comparison with the command needs RECOUNT, the path of the program")
            self.skipTest("RECOUNT is not set")
        call = [program, "forensics", *more, "--json", "--seed", "3", "--elections", "40", "--draws", "20"]
        done = subprocess.run(call, cwd=self.path, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_the_whole_report(self):
        theirs = self.command("table.csv", "--map", "map.toml", "--digits")
        ours = rf.report(self.table, digits=True, **SETTINGS)
        self.assertEqual(theirs["overview"]["stations"], 600)
        for part in theirs:
            self.assertEqual(ours[part], theirs[part], part)
        self.assertEqual(ours, theirs)

    def test_the_mixture_of_a_small_table(self):
        csv(self.path / "small.csv", stations=60)
        theirs = self.command("small.csv", "--map", "map.toml", "--mixture")
        table = rf.read(self.path / "small.csv", self.path / "map.toml")
        self.assertEqual(rf.report(table, mixture=True, **SETTINGS), theirs)
        own = rf.mixture(table, seed=3)
        self.assertEqual([own["stations"], own["fit"]], theirs["mixture"])
        self.assertAlmostEqual(sum(own["fit"]["parameters"]["parts"]), 1.0)

    def test_another_list_and_two_elections(self):
        csv(self.path / "before.csv", seed=11)
        theirs = self.command("table.csv", "--map", "map.toml", "--list", "b", "--before", "before.csv", "--before-map", "map.toml")
        table = rf.read(self.path / "table.csv", self.path / "map.toml", list="b")
        before = rf.read(self.path / "before.csv", self.path / "map.toml")
        self.assertEqual(rf.report(table, before=before, **SETTINGS), theirs)
        self.assertEqual(theirs["between"][0]["compared"], 600)

    def test_groups_without_a_station_and_with_one_name(self):
        text = (self.path / "table.csv").read_text().splitlines()
        # The first district of all has no protocol, so that numbers run from one that no station bears.
        empty = "9998,2,99,700,,,,,,,"
        (self.path / "gaps.csv").write_text("\n".join([text[0], empty, *text[1:]]) + "\n")
        theirs = self.command("gaps.csv", "--map", "map.toml")
        self.assertEqual(rf.report(rf.read(self.path / "gaps.csv", self.path / "map.toml"), **SETTINGS), theirs)

    def test_a_published_table(self):
        path = Path(__file__).parents[2] / "report/tests/published/2021.csv"
        theirs = self.command(str(path))
        self.assertEqual(rf.report(rf.read(path), **SETTINGS), theirs)

    def test_two_counts_of_the_same_ballots(self):
        (self.path / "two.toml").write_text(TWO)
        all_rows = [list(own) for own in rows()]
        second = [own[6:] for own in (list(own) for own in rows(seed=5))]
        for place in range(0, 600, 50):
            second[place][2] += 1 + place % 3
            second[place][3] = max(second[place][3] - 1 - place % 3, 0)
        for place in range(25, 600, 200):
            second[place] = [own + 20 + 3 * number for number, own in enumerate(second[place])]
        head = "station,region,district,registered,early,issued,valid,invalid,for_a,for_b,for_c,count"
        lines = [head]
        for own, other in zip(all_rows, second):
            lines.append(",".join(map(str, [*own, "hand"])))
            lines.append(",".join(map(str, [*own[:6], *other, "machine"])))
        (self.path / "two.csv").write_text("\n".join(lines) + "\n")
        theirs, columns = self.command("two.csv", "--map", "two.toml")["compared"]
        read = rf.read(self.path / "two.csv", self.path / "two.toml")
        self.assertEqual(read["compared"][1], columns)
        place = {"registered": 3, "issued_early": 4, "issued_station": 5, "valid": 6, "invalid": 7, "A": 8, "B": 9, "C": 10}
        place |= {name.lower(): number for name, number in place.items()}
        column = lambda which, name: [which[row][place[name]] for row in range(600)]
        both = [own[:6] + other for own, other in zip(all_rows, second)]
        own = rf.pairs({name: column(all_rows, name) for name in columns}, {name: column(both, name) for name in columns})
        self.assertEqual(own.pop("columns"), columns)
        self.assertGreater(len(own["differences"]), 10)
        self.assertEqual(own, theirs)


class QuickAgainstTheCommand(WithTable):
    """A quick count in two stages: the same stations and the same numbers as `recount quick`."""

    def command(self, *call):
        program = os.environ.get("RECOUNT")
        if not program:
            print("SKIPPED: the comparison with the command needs RECOUNT, the path of the program")
            self.skipTest("RECOUNT is not set")
        done = subprocess.run([program, "quick", *call, "--json"], cwd=self.path, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_two_stages(self):
        # The command numbers strata, units and stations in the order of their identifiers.
        register = sorted((f"r{own[1]}", f"r{own[1]}-d{own[2]}", f"s{own[0]}", own) for own in [*rows(), (9999, 2, 23, 700)])
        self.assertEqual(len(register), 601)
        drawn = self.command(
            "draw", "table.csv", "--map", "map.toml", "--stations", "40", "--units", "10", "--seed", "77", "--share-of", "registered", "-o", "sheet.csv"
        )
        with (self.path / "sheet.csv").open(newline="") as file:
            sheet = list(reader(file))
        head, sheet = sheet[0], sheet[1:]
        self.assertEqual(drawn["drawn"], len(sheet))
        units = {own["id"]: len({row[head.index("unit")] for row in sheet if row[head.index("stratum")] == own["id"]}) for own in drawn["strata"]}
        ours = rf.quick_two_stage(
            [own[1] for own in register], [own[3][3] for own in register], [own[0] for own in register], units, within=4, seed=77
        )
        names = [row[head.index("station")] for row in sheet]
        self.assertEqual([register[row][2] for row in ours["row"]], names)
        self.assertEqual(ours["unit"], [row[head.index("unit")] for row in sheet])
        self.assertEqual(ours["units"], {own["id"]: own["units"] for own in drawn["strata"]})
        # Filled in from the table; the station without a protocol never reports.
        figures = {f"s{own[0]}": own for own in rows()}
        kept = [place for place, name in enumerate(names) if name in figures]
        lines = [head]
        for row, name in zip(sheet, names):
            own = figures.get(name)
            lines.append(row[:6] + [own[6], own[7], *own[8:11]] if own else row)
        with (self.path / "filled.csv").open("w", newline="") as file:
            writer(file).writerows(lines)
        theirs = self.command("estimate", "filled.csv", "--of", "table.csv", "--map", "map.toml")
        self.assertEqual(theirs["reported"], len(kept))
        for place, name in [(8, "a"), (9, "b"), (10, "c")]:
            votes = [figures[names[at]][place] for at in kept]
            of = [figures[names[at]][3] for at in kept]
            whole, returned = np.unique(ours["unit"], return_counts=True), np.unique([ours["unit"][at] for at in kept], return_counts=True)
            missing = {unit: count / dict(zip(*returned))[unit] for unit, count in zip(*whole)}
            weight = [ours["weight"][at] * missing[ours["unit"][at]] for at in kept]
            own = rf.quick_clusters(
                votes, of, [ours["unit"][at] for at in kept], [ours["stratum"][at] for at in kept], weight, ours["units"], denominator="registered"
            )
            theirs_own = next(each for each in theirs["lists"] if each["list"] == name)
            self.assertEqual(own["estimate"], theirs_own["estimate"])
            self.assertEqual(own["design_effect"], theirs_own["design_effect"])


class AgainstTheReport(WithTable):
    """Every function gives the numbers that the report has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = rf.report(cls.table, digits=True, **SETTINGS)

    def test_integer(self):
        for period, name in [(1, "whole"), (5, "five")]:
            own = rf.integer(self.table, period=period)
            theirs = self.report["rounding"][name]
            self.assertEqual([own["either"], own["turnout"], own["share"]], theirs)
            self.assertEqual(own["tested"], self.report["rounding"]["tested"])
            self.assertEqual(own["excluded"], self.report["rounding"]["excluded"])

    def test_integer_by_station_adds_up(self):
        own, each = rf.integer(self.table), rf.integer_stations(self.table)
        for which in ["turnout", "share"]:
            self.assertEqual(each[f"hits_{which}"].sum(), own[which]["stations"]["observed"])
            chance = each[f"chance_{which}"]
            self.assertAlmostEqual(chance.sum(), own[which]["stations"]["mean"], places=9)
            self.assertAlmostEqual(np.sqrt((chance * (1 - chance)).sum()), own[which]["stations"]["sd"], places=9)
        self.assertEqual(len(each["row"]), own["tested"])
        registered = self.table["registered"][each["row"]]
        self.assertGreaterEqual(registered.min(), 100)

    def test_groups_robustness_and_draws(self):
        regions = rf.integer_groups(self.table)
        theirs = self.report["rounding"]["regions"]["groups"]
        self.assertEqual(regions["key"], [self.report["regions_named"][group["key"]] for group in theirs])
        self.assertEqual(regions["p"].tolist(), [group["tail"]["p"] for group in theirs])
        self.assertEqual(regions["mean"].tolist(), [group["excess"]["mean"] for group in theirs])
        self.assertEqual(regions["flagged"].tolist(), [group["flagged"] for group in theirs])
        self.assertEqual(rf.robustness(self.table), self.report["rounding"]["robustness"])
        drawn = rf.monte_carlo(self.table, draws=20, seed=3)
        theirs = self.report["rounding"]["drawn"]
        self.assertEqual((drawn["mean"], drawn["sd"], drawn["counts"].tolist()), (theirs["mean"], theirs["sd"], theirs["counts"]))

    def test_neighbours(self):
        for number, percentage in enumerate(["turnout", "share"]):
            own, theirs = rf.agreement(self.table, percentage), self.report["agreement"][number]
            listed = len(theirs["districts"])
            self.assertGreater(listed, 20)
            for column in ["stations", "pooled", "statistic", "p", "flagged"]:
                self.assertEqual(own[column].tolist()[:listed], [district[column] for district in theirs["districts"]])
            names = [self.report["districts_named"][district["key"]] for district in theirs["districts"]]
            self.assertEqual(own["key"][:listed], names)
            self.assertEqual(own["median_dispersion"], theirs["median_dispersion"])
            own, theirs = rf.outliers(self.table, percentage), self.report["outliers"][number]
            self.assertEqual(own["row"].tolist(), [outlier["place"] for outlier in theirs["outliers"]])
            self.assertEqual(own["z"].tolist(), [outlier["z"] for outlier in theirs["outliers"]])
            self.assertEqual(own["compared"], theirs["compared"])

    def test_twins_edits_and_heaps(self):
        own, theirs = rf.twins(self.table), self.report["twins"]
        self.assertEqual(own | {"groups": [group.tolist() for group in own["groups"]]}, theirs)
        own, theirs = rf.digit_edits(self.table, seed=3), self.report["edits"]
        self.assertEqual((own["p"], own["near"], own["expected"]), (theirs["p"], theirs["near"], theirs["expected"]))
        self.assertEqual(own["row_a"].tolist(), [edit["pair"][0] for edit in theirs["edits"]])
        self.assertEqual(own["by"].tolist(), [edit["by"] for edit in theirs["edits"]])
        own, theirs = rf.heaps(self.table), self.report["heaps"]
        self.assertEqual(own["tested"], theirs["tested"])
        self.assertEqual(own["list"], [self.report["lists_named"][heap["list"]] for heap in theirs["heaps"]])
        self.assertEqual(own["p"].tolist(), [heap["p"] for heap in theirs["heaps"]])
        own = rf.extremes(self.table)
        self.assertEqual({kind: len(places) for kind, places in own.items()}, {own["kind"]: own["count"] for own in self.report["extremes"]})

    def test_shapes(self):
        for number, percentage in enumerate(["turnout", "share"]):
            own, theirs = rf.spikes(self.table, percentage), self.report["spikes"][number]
            for column in ["observed", "mean", "sd"]:
                self.assertEqual(own[column].tolist(), theirs[column])
            self.assertEqual(own["spikes"], theirs["spikes"])
        print_ = rf.fingerprint(self.table)
        self.assertEqual(print_["cells"].shape, (100, 100))
        self.assertEqual(print_["cells"].ravel().tolist(), self.report["fingerprint"]["cells"])
        own = rf.standardised(self.table)
        self.assertEqual(own | {"cells": own["cells"].ravel().tolist()}, self.report["standardised"])
        own, theirs = rf.shpilkin(self.table, draws=20, seed=3), self.report["accounts"]
        self.assertEqual(own["leader"].tolist(), theirs["leader"])
        for part in ["whole", "interval", "regions"]:
            self.assertEqual(own[part], theirs[part])
        self.assertEqual(rf.klimek(self.table, draws=20, seed=3), self.report["model"])
        core, cleanness = self.report["core"]
        self.assertEqual(rf.comet_core(self.table, seed=3), core | {"cleanness": cleanness})
        self.assertEqual(rf.slopes(self.table), self.report["slopes"])
        own, theirs = rf.outside(self.table, "early"), self.report["outside"][0][1]
        self.assertEqual((own["ballots"], own["round"], own["tail"]), (theirs["ballots"], theirs["round"], theirs["tail"]))

    def test_what_is_shown_on_request(self):
        self.assertEqual(rf.digits(self.table, knowing_that_clean_elections_fail=True), self.report["digits"])
        with self.assertRaisesRegex(ValueError, "reject clean elections"):
            rf.digits(self.table)
        small = {name: self.table[name][:60] for name in ["registered", "issued", "found", "leader"]}
        own = rf.mixture(small, seed=3)
        self.assertEqual(own["stations"], 60)
        self.assertEqual(own, rf.mixture(small, seed=3))

    def test_calibration(self):
        own = rf.calibrate(self.table, elections=40, seed=3, digits=True)
        self.assertEqual(own, self.report["calibration"])
        one = rf.calibrate(self.table, checks=["twins"], elections=40, seed=3)
        self.assertEqual([own["check"] for own in one], ["twins"])

    def test_threads_change_nothing(self):
        for threads in [1, 3]:
            self.assertEqual(rf.report(self.table, digits=True, threads=threads, **SETTINGS), self.report)

    def test_group_names_of_every_kind(self):
        numbers = np.arange(600) // 25 * 7 + 5
        by_number = rf.agreement(self.table, district=numbers)
        by_word = rf.agreement(self.table)
        self.assertEqual(by_number["p"].tolist(), by_word["p"].tolist())
        self.assertEqual(by_number["key"].dtype, np.int64)
        self.assertEqual(by_number["key"][0] % 7, 5)
        self.assertEqual((by_number["key"][0], by_word["key"][0]), (20 * 7 + 5, "Region 2 · District 20"))
        self.assertEqual(by_word["flagged"].tolist(), [True] + 23 * [False])


if __name__ == "__main__":
    unittest.main(verbosity=1)
