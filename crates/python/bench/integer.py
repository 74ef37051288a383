"""The exact integer test beside a tuned simulation in numpy, on 90,000 simulated stations. Processor time of one process.

    python bench/integer.py [DRAWS]
"""

import sys
import time

import numpy as np
import recount_forensics as rf


def hits(k, n):
    rest = 100 * k % n
    return 20 * np.minimum(rest, n - rest) <= n


def simulated(table, draws):
    """Mean and standard deviation of the count over elections drawn under the null: two vectorised draws and no loop over stations."""
    registered, issued, found, leader = (table[name] for name in ["registered", "issued", "found", "leader"])
    turnout, share, random = issued / registered, leader / found, np.random.default_rng(1)
    counts = np.empty(draws)
    for draw in range(draws):
        drawn_turnout = hits(random.binomial(registered, turnout), registered)
        counts[draw] = (drawn_turnout | hits(random.binomial(found, share), found)).sum()
    return counts.mean(), counts.std(ddof=1)


def timed(work, runs=1):
    """The least processor time of some runs, and the result."""
    times = []
    for _ in range(runs):
        since = time.process_time()
        result = work()
        times.append(time.process_time() - since)
    return min(times), result


def main():
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    sizes = np.random.default_rng(3).gamma(4.0, 300.0, 90_000).astype("int64") + 100
    all_stations = rf.simulate(sizes)
    kept = rf.integer_stations(all_stations)["row"]
    table = {name: column[kept] for name, column in all_stations.items()}
    exact_time, exact = timed(lambda: rf.integer(table), runs=15)
    numpy_time, (mean, sd) = timed(lambda: simulated(table, draws))
    own = exact["either"]["stations"]
    print(f"{exact['tested']:,} stations; either, turnout and share, unweighted and weighted, with tails: {exact_time:.3f} s")
    print(f"  exact: {own['mean']:.2f} (sd {own['sd']:.2f})")
    print(f"numpy, {draws:,} draws, either alone and unweighted: {numpy_time:.1f} s, {numpy_time / exact_time:.0f} times as long")
    print(f"  simulated: {mean:.2f} (sd {sd:.2f})")


if __name__ == "__main__":
    main()
