"""Policies of cases as administrators see them, and what a new one would change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from amparo.kernel.money import Money


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A policy that is or was in force."""

    version: str
    active_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePolicyOut:
    """The policy in force, and those before it, the latest first."""

    version: str
    active_from: datetime
    document: dict[str, Any]
    versions: list[PolicyVersion]


@dataclass(frozen=True, slots=True)
class PolicyOutcome:
    """How many cases ended so."""

    code: str
    label: str
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyResult:
    """What a policy made of the same cases; times in days."""

    outcomes: list[PolicyOutcome]
    median_days: float
    p95_days: float
    refunded: list[Money]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLosers:
    """Who would be worse off under the new policy, in how many cases, by how much in all."""

    party: Literal["buyer", "seller", "platform"]
    cases: int
    amount: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySimulation:
    """The same cases under the policy in force and under the new one."""

    cases: int
    synthetic: bool
    changed: int
    old: PolicyResult
    new: PolicyResult
    worse: list[PolicyLosers]
