"""Statistical checks on station results of elections: where to look, and how far to trust it.

Every check takes a table of stations: a dict of numpy arrays, a data frame or a structured array with the whole-number columns
``registered`` (N), ``issued`` (G), ``found`` (R) and ``leader`` (W); some take ``region`` and ``district`` too.
"""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, Protocol, TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray

__version__: str

class Columns(Protocol):
    """Anything with columns by name: a dict of arrays, a data frame of pandas or Polars, a structured array."""

    def __getitem__(self, name: str, /) -> Any: ...

Whole: TypeAlias = NDArray[np.int64]
Real: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Words: TypeAlias = list[str]
Labels: TypeAlias = Whole | Words
Counts: TypeAlias = NDArray[np.integer[Any]] | Sequence[int]
Numbers: TypeAlias = NDArray[np.floating[Any]] | NDArray[np.integer[Any]] | Sequence[float]
Groups: TypeAlias = NDArray[Any] | Sequence[int] | Sequence[str] | str
Which: TypeAlias = Literal["either", "turnout", "share"]
Percentage: TypeAlias = Literal["turnout", "share"]
Stratum: TypeAlias = int | str

class Election(TypedDict):
    """The four figures of each station."""

    registered: Whole
    issued: Whole
    found: Whole
    leader: Whole

class Sometimes(Election, total=False):
    """Columns that not every file has."""

    early: Whole
    outside: Whole
    compared: list[Any]

class ReadElection(Sometimes):
    """A table from a file."""

    region: list[str]
    district: list[str]
    region_names: list[str]
    district_names: list[str]
    station: list[str]
    lists: dict[str, Whole]
    leader_list: str
    subject: dict[str, Any]

class Exclusion(TypedDict):
    """Stations left out by one condition."""

    reason: str
    stations: int
    registered: int

class Excess(TypedDict):
    """Hits against their exact null."""

    observed: int
    mean: float
    sd: float
    excess: float
    z: float

class Tail(TypedDict):
    """An upper tail: exact, the bound where it is below 1e-15, or a saddlepoint approximation."""

    p: float
    kind: Literal["exact", "bound", "saddlepoint"]

class Rounded(TypedDict):
    """Hits in stations, in voters and in votes."""

    which: Which
    stations: Excess
    tail: Tail
    registered: Excess
    registered_tail: Tail
    leader: Excess
    leader_tail: Tail

class Integer(TypedDict):
    """The test of whole percentages."""

    tested: int
    excluded: list[Exclusion]
    either: Rounded
    turnout: Rounded
    share: Rounded

class IntegerStations(TypedDict):
    """The same station by station."""

    row: Whole
    hits_turnout: Flags
    hits_share: Flags
    chance_turnout: Real
    chance_share: Real

class IntegerGroups(TypedDict):
    """The same group by group; columns."""

    key: Labels
    stations: Whole
    observed: Whole
    mean: Real
    sd: Real
    excess: Real
    z: Real
    p: Real
    p_normal: Real
    flagged: Flags
    too_small: int

class Level(TypedDict):
    """The test among stations of at least so many voters."""

    at_least: int
    stations: int
    excess: Excess
    tail: Tail

class Robustness(TypedDict):
    """The test at 100, 300 and 500 voters."""

    levels: list[Level]
    robust: bool
    alpha: float

class Drawn(TypedDict):
    """Simulated elections under the null."""

    draws: int
    mean: float
    sd: float
    counts: Whole

class Agreement(TypedDict):
    """Districts, the most uniform first; columns."""

    key: Labels
    stations: Whole
    pooled: Real
    statistic: Real
    dispersion: Real
    p: Real
    flagged: Flags
    median_dispersion: float

class Outliers(TypedDict):
    """Stations unlike their district; columns."""

    row: Whole
    key: Labels
    percent: Real
    median: Real
    z: Real
    compared: int

class Twins(TypedDict):
    """Stations with the same four figures."""

    groups: list[Whole]
    stations: int
    pairs: int
    expected_pairs: float
    p: float

class Edits(TypedDict):
    """Pairs that differ by one digit; columns."""

    row_a: Whole
    row_b: Whole
    list: Words
    by: Whole
    near: int
    expected: float
    p: float

class Heaps(TypedDict):
    """Small lists with too few zeros; columns."""

    key: Labels
    list: Words
    stations: Whole
    zeros: Whole
    ones: Whole
    twos: Whole
    p: Real
    flagged: Flags
    published_rule: Flags
    tested: int

class Extremes(TypedDict):
    """Places of stations that contradict themselves, or stand at the edge."""

    issued_above_registered: Whole
    found_above_issued: Whole
    leader_above_found: Whole
    everyone_voted: Whole
    all_for_leader: Whole
    nobody_registered: Whole
    nothing_found: Whole

class Spike(TypedDict):
    """A bin with more stations than chance explains."""

    tenths: int
    observed: int
    mean: float
    sd: float
    p: float

class Spikes(TypedDict):
    """Stations by tenths of a percent beside their exact null."""

    stations: int
    excess: float
    spikes: list[Spike]
    judged: int
    observed: Whole
    mean: Real
    sd: Real

class Fingerprint(TypedDict):
    """Stations by turnout (rows) and share (columns)."""

    cells: Whole
    stations: int

class Standardised(TypedDict):
    """The same, each station beside its neighbours."""

    cells: Whole
    stations: int
    districts: int
    high_high: int
    low_low: int

class Shpilkin(TypedDict):
    """Votes by turnout and what they leave unexplained."""

    whole: dict[str, Any]
    interval: list[float] | None
    regions: dict[str, Any]
    region_names: list[str]
    leader: Whole
    others: Whole

class CometCore(TypedDict):
    """Where half of the stations lie closest together, in percent."""

    raw: list[float]
    reweighted: list[float]
    covariance: list[float]
    cleanness: Literal["possible"] | dict[str, Any]

class Changes(TypedDict):
    """Stations that jumped; columns."""

    row: Whole
    key: list[str]
    before: Real
    after: Real
    z: Real
    compared: int
    median: float

class Mixture(TypedDict):
    """Honest, incrementally and extremely altered parts, beside a clean election."""

    stations: int
    fit: dict[str, Any] | None

class Estimate(TypedDict):
    """A share with its interval."""

    share: float
    error: float
    interval: list[float]
    level: float
    freedom: float
    denominator: Literal["valid", "cast", "registered"]
    stations: int

class TwoStage(TypedDict):
    """A sample drawn in two stages; columns."""

    row: Whole
    unit: Labels
    stratum: Labels
    weight: Real
    units: dict[Stratum, int]

class Clustered(TypedDict):
    """A share from such a sample."""

    estimate: Estimate
    units: int
    design_effect: float

class Compared(TypedDict):
    """Two counts of the same ballots."""

    stations: int
    classes: list[int]
    differences: list[dict[str, Any]]
    net: list[int]
    absolute: list[int]
    columns: Words

class Total(TypedDict):
    """A sum over all stations from a sample of them."""

    total: float
    interval: list[float]

class Flow(TypedDict):
    """Where the voters of each category went, as far as units tell."""

    before: Words
    after: Words
    free: Real
    constrained: Real
    objective: float
    units: int

class Bounds(TypedDict):
    """Where a share can lie."""

    reported: float
    missing: float
    between: list[float]

class Calibrated(TypedDict):
    """What a test does on clean elections with these stations."""

    check: str
    rate: float
    interval: list[float]
    rates: list[float]
    elections: int
    standing: Literal["calibrated", "conservative"] | dict[str, Any]
    detects: list[list[Any]]

def read(
    path: str | PathLike[str],
    map: str | PathLike[str] | None = None,
    *,
    contest: str | None = None,
    source: str | None = None,
    poll: int | None = None,
    list: str | None = None,
    registered: str | None = None,
    issued: str | None = None,
    found: str | None = None,
    region: str | None = None,
    district: str | None = None,
    without: Sequence[str] | None = None,
) -> ReadElection:
    """Reads station results from a CSV or Parquet file, as ``recount forensics`` does."""

def simulate(
    registered: Counts,
    *,
    seed: int = 1,
    number: int = 0,
    turnout: float = 0.55,
    turnout_spread: float = 0.09,
    share: float = 0.45,
    share_spread: float = 0.12,
    rho: float = 0.0,
    alteration: Literal["stuff", "steal", "round_five", "rewrite", "invent"] | None = None,
    fraction: float = 0.1,
) -> Election:
    """An election with stations of these sizes: clean, or altered in a known way."""

def calibrate(
    table: Columns,
    *,
    district: Groups | None = None,
    checks: Sequence[str] | None = None,
    digits: bool = False,
    elections: int = 200,
    seed: int = 1,
    threads: int | None = None,
) -> list[Calibrated]:
    """What each test does on clean elections with these stations. To be looked at before any p-value."""

def report(
    table: Columns,
    *,
    before: Columns | None = None,
    seed: int = 1,
    elections: int = 200,
    draws: int = 100,
    digits: bool = False,
    mixture: bool = False,
    alpha: float = 0.05,
    q: float = 0.05,
    threads: int | None = None,
) -> dict[str, Any]:
    """All default tests, calibrated first: the same dictionary as ``recount forensics --json``."""

def integer(table: Columns, *, period: int = 1, at_least: int | None = 100) -> Integer:
    """Whole percentages of turnout and share against their exact null."""

def integer_stations(table: Columns, *, period: int = 1, at_least: int | None = 100) -> IntegerStations:
    """Station by station: whether its percentages are whole, and how often they would be by chance."""

def integer_groups(
    table: Columns,
    by: Groups | None = None,
    *,
    which: Which = "either",
    least: int = 50,
    q: float = 0.05,
    period: int = 1,
    at_least: int | None = 100,
) -> IntegerGroups:
    """The test region by region, or by any other grouping."""

def robustness(table: Columns, *, which: Which = "either", period: int = 1, alpha: float = 0.05) -> Robustness:
    """The test among stations of at least 100, 300 and 500 voters."""

def monte_carlo(
    table: Columns,
    *,
    which: Which = "either",
    draws: int = 1000,
    seed: int = 1,
    period: int = 1,
    at_least: int | None = 100,
) -> Drawn:
    """The published Monte Carlo, seeded, as a cross-check of the exact null."""

def spikes(table: Columns, percentage: Percentage = "turnout", *, q: float = 0.05, threads: int | None = None) -> Spikes:
    """Tenths of a percent that hold more stations than counting noise explains."""

def agreement(
    table: Columns, percentage: Percentage = "turnout", *, district: Groups | None = None, least: int = 10, q: float = 0.05
) -> Agreement:
    """Districts whose stations agree better than independent ballots can."""

def outliers(
    table: Columns, percentage: Percentage = "turnout", *, district: Groups | None = None, least: int = 10, q: float = 0.05
) -> Outliers:
    """Stations unlike their district."""

def twins(table: Columns, *, at_least: int = 500) -> Twins:
    """Stations that agree in all four figures, against a permutation null."""

def digit_edits(
    table: Columns,
    *,
    lists: Mapping[str, Counts] | None = None,
    district: Groups | None = None,
    at_least: int = 100,
    permutations: int = 39,
    seed: int = 1,
    threads: int | None = None,
) -> Edits:
    """Pairs of stations of a district whose lists differ in one place, by 10, 100 or 1,000."""

def heaps(
    table: Columns,
    *,
    lists: Mapping[str, Counts] | None = None,
    district: Groups | None = None,
    least: int = 20,
    q: float = 0.05,
) -> Heaps:
    """Small lists that get one vote here and two there, hardly ever none."""

def extremes(table: Columns) -> Extremes:
    """Places of stations whose figures contradict each other, or stand at the edge."""

def fingerprint(table: Columns, *, side: int = 100, by_registered: bool = False) -> Fingerprint:
    """Stations by turnout (rows) and share (columns) on a grid."""

def standardised(table: Columns, *, district: Groups | None = None, least: int = 10) -> Standardised:
    """The fingerprint with every station beside its neighbours."""

def shpilkin(table: Columns, *, draws: int = 100, seed: int = 1) -> Shpilkin:
    """S. Shpilkin's accounting of votes by turnout, or its refusal."""

def klimek(table: Columns, *, draws: int = 100, seed: int = 1, threads: int | None = None) -> dict[str, Any]:
    """The model of Klimek and others, fitted beside a clean election, or refused."""

def comet_core(table: Columns, *, by_registered: bool = True, seed: int = 1) -> CometCore | None:
    """The core of the comet: where half of the stations lie closest together."""

def slopes(table: Columns) -> dict[str, Any]:
    """How the leader's and the others' votes per voter move with turnout."""

def outside(table: Columns, ballots: Groups | Counts, *, region: Groups | None = None) -> dict[str, Any]:
    """Ballots issued early or outside the station."""

def changes(
    table: Columns, before: Columns, percentage: Percentage = "turnout", *, least: int = 10, q: float = 0.05
) -> Changes:
    """The same stations at two elections: who jumped."""

def digits(table: Columns, *, knowing_that_clean_elections_fail: bool = False) -> dict[str, Any]:
    """Digit tests, each beside the same test on registered voters. They reject clean elections."""

def mixture(table: Columns, *, stations: int = 1000, seed: int = 1) -> Mixture:
    """A finite mixture of honest and altered stations, with a clean election beside it."""

def quick_count(
    votes: Numbers,
    of: Numbers,
    stratum: Groups,
    stations: Mapping[Stratum, int],
    *,
    denominator: Literal["valid", "cast", "registered"] = "valid",
    level: float = 0.95,
) -> Estimate:
    """A share from a drawn sample of stations, with its interval."""

def quick_early(
    votes: Numbers,
    of: Numbers,
    class_: Groups,
    stations: Mapping[Stratum, int],
    *,
    least: int = 2,
    denominator: Literal["valid", "cast", "registered"] = "valid",
    level: float = 0.95,
) -> Estimate:
    """The same for early returns, with classes in place of strata."""

def quick_bounds(reported: float, missing: float, *, low: float = 0.0, high: float = 1.0) -> Bounds:
    """Where a share can lie whatever the missing stations say."""

def quick_size(
    residual_variance: float, mean_denominator: float, margin: float, stations: int, *, level: float = 0.95
) -> int:
    """Stations needed for a margin."""

def quick_shares(
    stations: Mapping[Stratum, int], total: int, *, spread: Mapping[Stratum, float] | None = None
) -> dict[Stratum, int]:
    """Shares out a sample over strata."""

def quick_sample(stratum: Groups, shares: Mapping[Stratum, int], seed: int) -> Whole:
    """Draws stations of every stratum."""

def quick_classes(stratum: Groups, registered: Counts, *, parts: int = 3) -> Whole:
    """Classes of size within strata."""

def quick_two_stage(
    unit: Groups, registered: Counts, stratum: Groups, units: Mapping[Stratum, int], *, within: int, seed: int
) -> TwoStage:
    """Draws units of every stratum in proportion to their voters, then stations within them."""

def quick_clusters(
    votes: Numbers,
    of: Numbers,
    unit: Groups,
    stratum: Groups,
    weight: Numbers,
    units: Mapping[Stratum, int],
    *,
    denominator: Literal["valid", "cast", "registered"] = "valid",
    level: float = 0.95,
) -> Clustered:
    """A share from a sample in two stages, with the variance between units."""

def pairs(first: Mapping[str, Any], second: Mapping[str, Any]) -> Compared:
    """Two counts of the same ballots: which figures differ, and how."""

def pairs_total(differences: Counts, stations: int, *, level: float = 0.95) -> Total:
    """The sum of differences over all stations from those of a drawn sample."""

def flow(before: Mapping[str, Numbers], after: Mapping[str, Numbers]) -> Flow:
    """The flow of the vote between two elections: an ecological regression over matched units."""
