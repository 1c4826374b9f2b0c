"""The checks on what people write to each other: pure functions, usable alone."""

from amparo.guard.rules import check
from amparo.guard.verdict import MASK, Decision, Finding, Kind, Verdict

__all__ = ["MASK", "Decision", "Finding", "Kind", "Verdict", "check"]
