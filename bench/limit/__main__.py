"""``python -m bench.limit``: the limit alone."""

import argparse
from dataclasses import asdict

from bench.common import result
from bench.limit import measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--window", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    result(asdict(measured(given.pairs, given.window, given.seconds)))


if __name__ == "__main__":
    main()
