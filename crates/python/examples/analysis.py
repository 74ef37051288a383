# %% [markdown]
# # Checking an election from its station results
#
# A worked example in cells (VS Code, Spyder and Jupytext read them), and a plain script as well:
#
#     python analysis.py                        an election made here, clean and then altered
#     python analysis.py TABLE [MAP.toml]       your own table of stations, CSV or Parquet
#
# The order is that of an honest report: first what the tests do on clean elections with these very stations, then what they find,
# then how the finding moves with the choices made, then where to look. Nothing here accuses anybody.

# %%
import sys

import numpy as np
import recount_forensics as rf


def percent(part, whole=1):
    return f"{100 * part / whole:.1f} %"


# %% [markdown]
# ## 1. Calibration
#
# Each test is run on clean elections with our own stations. A test that rejects more than 9 % of them at nominal 5 % is not used.


# %%
def show_calibration(table, elections=100):
    usable = set()
    print(f"What the tests do on {elections} clean elections with these {len(table['registered']):,} stations:")
    for own in rf.calibrate(table, elections=elections):
        greyed = isinstance(own["standing"], dict)
        word = "NOT USABLE" if greyed else own["standing"]
        sees = next((part for kind, part in own["detects"] if kind == "round_five"), None)
        reach = f"sees rounding from {percent(sees)} of the stations" if sees else ""
        low, high = own["interval"]
        print(f"  {own['check']:<18} rejects {percent(own['rate']):>6} ({percent(low)} to {percent(high)})  {word:<13} {reach}")
        if not greyed:
            usable.add(own["check"])
    return usable


# %% [markdown]
# ## 2. Whole percentages
#
# By chance about a fifth of all stations have a turnout or a share within 0.05 of a whole percent. The exact null says how many.


# %%
def show_integer(table):
    own = rf.integer(table)
    print(f"Whole percentages among {own['tested']:,} stations:")
    for left in own["excluded"]:
        print(f"  left out: {left['stations']:,} stations, {left['reason']}")
    for which in ["either", "turnout", "share"]:
        hits, tail = own[which]["stations"], own[which]["tail"]
        below = "below " if tail["kind"] == "bound" else ""
        print(
            f"  {which:<8} {hits['observed']:>6,} against {hits['mean']:>9,.1f} expected (sd {hits['sd']:.1f}): "
            f"z = {hits['z']:5.2f}, p {below}{tail['p']:.2g}"
        )
    # The finding must survive among large stations, whose fractions are fine.
    robust = rf.robustness(table)
    levels = ", ".join(f"{level['excess']['z']:.2f} from {level['at_least']} voters" for level in robust["levels"])
    print(f"  z by size: {levels}; robust: {'yes' if robust['robust'] else 'no'}")
    # The published simulation, as a cross-check of the exact null.
    drawn = rf.monte_carlo(table, draws=200)
    print(f"  200 simulated elections: {drawn['mean']:,.1f} (sd {drawn['sd']:.1f})")


# %% [markdown]
# ## 3. Neighbours
#
# Stations of one district may differ more than chance says, never less. Districts come by name or by number.


# %%
def show_neighbours(table):
    print("Districts that agree too well, stations that are twins:")
    for percentage in ["turnout", "share"]:
        own = rf.agreement(table, percentage)
        flagged = np.flatnonzero(own["flagged"])
        print(
            f"  {percentage:<8} {len(flagged)} of {len(own['p']):,} districts flagged; "
            f"median dispersion {own['median_dispersion']:.1f} (1 is chance alone)"
        )
        for place in flagged[:5]:
            print(f"           {own['key'][place]}: {own['stations'][place]} stations, p = {own['p'][place]:.2g}")
    twins = rf.twins(table)
    print(f"  twins    {twins['pairs']} pairs with the same four figures, {twins['expected_pairs']:.1f} expected, p = {twins['p']:.2g}")


# %% [markdown]
# ## 4. The shape
#
# Pictures and accounts: none of them is a test, and each may refuse.


# %%
def show_shape(table):
    print("The shape of the cloud:")
    cells = rf.fingerprint(table, side=10)["cells"]
    print("  stations by turnout (rows, tens of percent from the top) and share (columns):")
    for row in cells[::-1]:
        print("   ", " ".join(f"{count:6d}" for count in row))
    slopes = rf.slopes(table)
    print(f"  for each more ballot given out the leader has {slopes['leader']['slope']:.2f} more votes")
    core = rf.comet_core(table)
    if core:
        print(f"  half of the stations lie around turnout {core['raw'][0]:.1f} %, share {core['raw'][1]:.1f} %")
    verdict = rf.shpilkin(table)["whole"]["verdict"]
    if "estimate" in verdict:
        low, high = verdict["estimate"]["range"]
        print(f"  votes not explained if support does not rise with turnout: {low:,.0f} to {high:,.0f}")
    else:
        print(f"  no account of votes by turnout: {verdict['refused']['reason']}")


# %% [markdown]
# ## 5. Where to look
#
# Everything at once: the same dictionary as `recount forensics --json`. Its ranking names protocols to ask for.


# %%
def show_report(table, elections=40):
    own = rf.report(table, elections=elections)
    print("Finding by finding:")
    for finding in own["findings"]:
        verdict = finding["verdict"] if isinstance(finding["verdict"], str) else next(iter(finding["verdict"]))
        print(f"  {finding['topic']:<18} {verdict}")
    print("Stations to ask documents of first:")
    for ranked in own["ranking"][:5]:
        named = own["stations_named"][str(ranked["place"])]
        figures = named["figures"]
        reasons = ", ".join(reason["why"] for reason in ranked["reasons"])
        print(
            f"  {named['name']}: turnout {percent(figures['issued'], figures['registered'])}, "
            f"share {percent(figures['leader'], figures['found'])}; {reasons}"
        )


# %%
def analyse(table):
    show_calibration(table)
    show_integer(table)
    show_neighbours(table)
    show_shape(table)
    show_report(table)


# %% [markdown]
# ## An election made here
#
# 4,000 stations in 160 districts. Once counted cleanly, once with turnout raised to a multiple of five percent at every tenth station.


# %%
def made(**alteration):
    sizes = np.random.default_rng(7).gamma(4.0, 300.0, 4000).astype("int64") + 60
    districts = np.arange(4000) // 25
    return rf.simulate(sizes, seed=7, **alteration) | {"district": districts, "region": districts // 20}


# %% [markdown]
# ## A quick count of it
#
# 150 stations drawn in three strata of size, and again in two stages; the unit is the station or the district, never the voter.


# %%
def show_quick_count(table):
    registered = table["registered"]
    third = np.searchsorted(np.quantile(registered, [1 / 3, 2 / 3]), registered)
    stratum = np.array(["small", "middle", "large"])[third]
    stations = {name: int((stratum == name).sum()) for name in ["small", "middle", "large"]}
    drawn = rf.quick_sample(stratum, rf.quick_shares(stations, 150), seed=20261122)
    own = rf.quick_count(table["leader"][drawn], table["found"][drawn], stratum[drawn], stations, denominator="cast")
    low, high = own["interval"]
    truth = table["leader"].sum() / table["found"].sum()
    print(f"Quick count of 150 stations: {percent(own['share'])} ({percent(low)} to {percent(high)}); all stations: {percent(truth)}")
    # Cheaper to observe: 30 districts in proportion to their voters, five stations in each.
    country = np.zeros(len(registered), dtype=int)
    drawn = rf.quick_two_stage(table["district"], registered, country, {0: 30}, within=5, seed=20261122)
    row = drawn["row"]
    own = rf.quick_clusters(
        table["leader"][row], table["found"][row], drawn["unit"], drawn["stratum"], drawn["weight"], drawn["units"], denominator="cast"
    )
    low, high = own["estimate"]["interval"]
    print(
        f"The same in 30 districts: {percent(own['estimate']['share'])} ({percent(low)} to {percent(high)}); "
        f"design effect {own['design_effect']:.2f}"
    )


# %%
if __name__ == "__main__":
    if len(sys.argv) > 1:
        election = rf.read(*sys.argv[1:3])
        print(election["subject"]["title"])
        for reason, count in election["subject"]["left_out"]:
            print(f"  left out: {count:,} rows, {reason}")
        analyse(election)
    else:
        print("== Counted cleanly")
        clean = made()
        analyse(clean)
        show_quick_count(clean)
        print("\n== Turnout raised to a multiple of five percent at a tenth of the stations")
        analyse(made(alteration="round_five", fraction=0.1))
