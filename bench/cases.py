"""Whole lives of made-up cases, looked at after every step; the last line is JSON.

``violations`` counts broken invariants (docs/cases.md), each at most once a case. Every fifth case
is one in which everybody is silent after the opening: ``silent_max_days`` is the longest of these.
With a provider that never answers the unpaid cases stay open with an alarm and are counted as
``unpaid_open``. ``control`` are runs with a fault put in: how many cases of 200 the checks caught;
0 there means that the checks see nothing, and ends with an error.
"""

import argparse
import time
from collections import Counter
from typing import Any, get_args

from amparo.cases.policy import Policy, load_shipped, read_toml
from amparo.cases.simulation import Life, Mode, Outcome
from amparo.cases.simulation_checks import SABOTAGES
from amparo.cases.synthetic import scenario
from bench.common import progress, result

SILENT_EVERY = 5
CONTROL_RUNS = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20_000, help="cases")
    parser.add_argument("--restart", type=float, default=0.2, help="share of steps stored, loaded")
    parser.add_argument("--provider", choices=get_args(Mode), default="ok")
    parser.add_argument("--policy", help="a TOML document instead of the shipped policy")
    parser.add_argument("--seed", type=int, default=0, help="number of the first case")
    chosen = parser.parse_args()
    policy = load_shipped()
    if chosen.policy:
        with open(chosen.policy, encoding="utf-8") as file:
            policy = read_toml(file.read())
    began = time.monotonic()
    seeds = range(chosen.seed, chosen.seed + chosen.runs)
    figures = live(seeds, policy, chosen.provider, chosen.restart)
    progress(f"{chosen.runs} cases in {time.monotonic() - began:.0f} s")
    figures["control"] = controls(policy)
    result(figures)
    if not all(figures["control"].values()):
        raise SystemExit("a fault that was put in was not found")


def live(seeds: range, policy: Policy, provider: Mode, restart: float) -> dict[str, Any]:
    """Live all of them."""
    broken: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    days: list[float] = []
    silent, most, unpaid = 0.0, 0, 0
    for seed in seeds:
        is_silent = seed % SILENT_EVERY == 0
        lived = Life(scenario(seed, silent=is_silent), policy, provider, restart).run()
        _note(lived, seed, broken)
        ends[lived.case.outcome or "open"] += 1
        most = max(most, lived.steps)
        if lived.case.closed_at is None:
            unpaid += 1
            continue
        days.append(lived.days)
        silent = max(silent, lived.days) if is_silent else silent
    days.sort()
    progress(f"ends: {dict(ends.most_common())}")
    return {
        "violations": sum(broken.values()),
        "median_days": round(days[len(days) // 2], 1) if days else None,
        "p95_days": round(days[int(len(days) * 0.95)], 1) if days else None,
        "max_days": round(days[-1], 1) if days else None,
        "max_steps": most,
        "unpaid_open": unpaid,
        "silent_max_days": round(silent, 1),
    }


def _note(lived: Outcome, seed: int, broken: Counter[str]) -> None:
    for name in sorted(set(lived.violations)):
        broken[name] += 1
        if broken[name] <= 3:
            progress(f"case {seed}: {name}")


def controls(policy: Policy) -> dict[str, int]:
    """In how many of the control cases each fault is found."""
    found = {}
    for fault in SABOTAGES:
        lives = (
            Life(scenario(seed), policy, "flaky", 0.2, fault).run() for seed in range(CONTROL_RUNS)
        )
        found[fault] = sum(1 for lived in lives if lived.violations)
    return found


if __name__ == "__main__":
    main()
