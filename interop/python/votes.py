"""Random allocations through votelib and through recount-seats; every difference is reported.

    python interop/python/votes.py PROGRAM [CASES [SEED]]

PROGRAM is the example `allocate` of recount-seats. Formulas that both have: D'Hondt, Sainte-Lague, Danish, Imperiali and
modified Sainte-Lague divisors; Hare, Droop, Hagenbach-Bischoff and Imperiali quotas with largest remainders. Every list has at
least one vote: with none, votelib may give a seat. Exit code 0 only if nothing differs that is not listed as known.
"""

import json
import random
import subprocess
import sys
import time
from fractions import Fraction

import votelib.component.divisor as divisor
import votelib.evaluate.core as core
import votelib.evaluate.proportional as proportional

DIVISORS = {
    "dhondt": "d_hondt",
    "sainte_lague": "sainte_lague",
    "danish": "danish",
    "imperiali": "imperiali",
    "modified": divisor.modified_first_coef(divisor.sainte_lague, Fraction(7, 5)),
}
QUOTAS = ["hare", "droop", "hagenbach_bischoff", "imperiali"]


def formula(name):
    if name == "modified":
        return 'family = "divisor", rule = "modified_sainte_lague", first = "7/5"'
    if name.startswith("lr_"):
        return f'family = "quota", quota = "{name[3:]}", rounding = "exact", remainder = "largest_fraction"'
    return f'family = "divisor", rule = "{name}"'


def evaluator(name):
    if name.startswith("lr_"):
        return proportional.LargestRemainder(name[3:])
    return proportional.HighestAverages(DIVISORS[name])


def theirs(name, votes, seats):
    """Seats by place, who is tied, and for how many seats; or the error, in words."""
    try:
        result = evaluator(name).evaluate({place: number for place, number in enumerate(votes)}, seats)
    except (core.VotingSystemError, ValueError, ZeroDivisionError) as error:
        return {"refused": f"{type(error).__name__}: {error}"}
    held, tied, left = [0] * len(votes), set(), 0
    for who, number in result.items():
        if isinstance(who, core.Tie):
            tied |= set(who)
            left += number
        else:
            held[who] = number
    return {"seats": held, "tied": sorted(tied), "left": left}


def random_case(rng, names):
    lists = rng.randint(1, 12)
    most = rng.choice([12, 200, 100_000, 2**40, 2**60])
    votes = [rng.randint(1, most) for _ in range(lists)]
    return {"name": rng.choice(names), "seats": rng.randint(1, 60), "votes": votes}


def explained(case, ours, votelib):
    """A known difference, in words; none: it is not known."""
    if "refused" in ours and "refused" in votelib:
        return ""
    all_given = "seats" in votelib and sum(votelib["seats"]) + votelib["left"] == case["seats"]
    if "only" in ours.get("refused", "") and not all_given:
        return "more seats left than remainders: votelib leaves them empty, we refuse"
    more = {"lr_hagenbach_bischoff": 1, "lr_imperiali": 2}.get(case["name"], 0)
    most_quotas = Fraction(max(case["votes"]) * (case["seats"] + more), sum(case["votes"]))
    if "take back" in ours.get("refused", "") and most_quotas > case["seats"]:
        return "one list has more whole quotas than there are seats: votelib leaves it one or none, we refuse"
    return None


def main():
    program, cases = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    names = list(DIVISORS) + [f"lr_{quota}" for quota in QUOTAS]
    made = [random_case(rng, names) for _ in range(cases)]
    lines = "".join(json.dumps({"formula": formula(c["name"]), "seats": c["seats"], "votes": c["votes"]}) + "\n" for c in made)
    answers = subprocess.run([program], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    differ, known, ties, refused = [], {}, 0, 0
    began = time.monotonic()
    for case, answer in zip(made, answers, strict=True):
        ours, votelib = json.loads(answer), theirs(case["name"], case["votes"], case["seats"])
        ties += bool(ours.get("tied"))
        refused += "refused" in ours
        if ours == votelib:
            continue
        why = explained(case, ours, votelib)
        if why is None:
            differ.append((case, ours, votelib))
        elif why:
            known[why] = known.get(why, 0) + 1
    for case, ours, votelib in differ[:10]:
        print(f"differs: {case}\n  recount {ours}\n  votelib {votelib}")
    for why, count in known.items():
        print(f"known: {why} ({count})")
    print(f"{cases} cases, {ties} with a tie, {refused} refused, {sum(known.values())} known differences, "
          f"{len(differ)} differences ({time.monotonic() - began:.0f} s in votelib)")
    sys.exit(1 if differ else 0)


main()
