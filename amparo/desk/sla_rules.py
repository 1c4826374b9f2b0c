"""Clocks of answers: what runs, what stands still, when a target is reached. Pure.

A clock counts working time of the conversation's team. It runs while the buyer waits for an
answer: not while the conversation is snoozed, and not while the buyer is waited for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from amparo.conversations.events import (
    MESSAGE_POSTED,
    PRIORITY_SET,
    STATE_CHANGED,
    TRANSFERRED,
)
from amparo.routing.events import QUEUED
from amparo.routing.working_rules import Schedule, after_working, working_seconds

Kind = Literal["first_response", "next_response", "resolution"]
SLA_BREACHED = "sla_breached"
SLA_TIMER = "sla_due"
"""One timer for all clocks: it is set to the next target that will be reached."""
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""The place of a clock that stands still: after all that run."""
KINDS = frozenset({QUEUED, MESSAGE_POSTED, STATE_CHANGED, TRANSFERRED, PRIORITY_SET})


@dataclass(frozen=True, slots=True)
class Target:
    """Seconds of working time for one priority and channel; None stands for all, or for none."""

    priority: int | None = None
    channel: str | None = None
    first_response_s: int | None = None
    next_response_s: int | None = None
    resolution_s: int | None = None


DEFAULT_TARGETS = (
    Target(None, None, 15 * 60, 30 * 60, 24 * 3600),
    Target(1, None, 5 * 60, 10 * 60, 8 * 3600),
)
"""A quarter of an hour to the first answer, half an hour to each other, a working day to the end;
what cannot wait (somebody in the account, a payment nobody made) three times as fast."""


@dataclass(slots=True)
class Clock:
    """The clock of one conversation; the columns of ``SlaClock`` say what they mean."""

    conversation_id: UUID
    channel: str
    team: str | None = None
    priority: int = 5
    awaited: str | None = "first_response"
    answered: bool = False
    snoozed: bool = False
    response_used_s: int = 0
    resolution_used_s: int = 0
    since: datetime | None = None
    due_kind: str | None = None
    due_at: datetime | None = None
    breached: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The targets, and when each team works."""

    targets: Iterable[Target]
    schedules: Mapping[str, Schedule]

    def target(self, priority: int, channel: str) -> Target:
        """The row for this priority and channel: the one that says most about them."""
        fits = [
            one
            for one in self.targets
            if one.priority in (None, priority) and one.channel in (None, channel)
        ]
        said = lambda one: (one.priority is not None, one.channel is not None)  # noqa: E731
        return max(fits, key=said, default=Target())

    def schedule(self, team: str | None) -> Schedule:
        """When a team works; always, where we know nothing of it."""
        return self.schedules.get(team or "", Schedule(always=True))


def step(
    clock: Clock | None, kind: str, data: Mapping[str, Any], at: datetime, policy: Policy
) -> Clock | None:
    """The clock after an event; None where there is none, or none any more.

    A conversation that only the assistant talks to has no clock. The caller makes it of
    ``QUEUED`` with :func:`begun`.
    """
    if clock is None:
        return None
    if kind == MESSAGE_POSTED:
        _said(clock, data, at, policy)
    elif kind == STATE_CHANGED:
        if data["to"] == "resolved":
            return None
        if clock.snoozed != (data["to"] == "snoozed"):
            _stop(clock, at, policy)
            clock.snoozed = data["to"] == "snoozed"
    elif kind in (QUEUED, TRANSFERRED):
        _stop(clock, at, policy)
        where = data if kind == QUEUED else data.get("to") or {}
        clock.team = where.get("team") or clock.team
        clock.priority = where.get("priority") or clock.priority
    elif kind == PRIORITY_SET:
        clock.priority = data["priority"]
    _run(clock, at)
    return clock


def begun(conversation_id: UUID, channel: str, data: Mapping[str, Any], at: datetime) -> Clock:
    """The clock of somebody who has just asked for a person."""
    clock = Clock(conversation_id, channel, data.get("team"), data.get("priority") or 5)
    _run(clock, at)
    return clock


def wind(clock: Clock, policy: Policy, now: datetime) -> None:
    """Say which target is reached next, and when."""
    target = policy.target(clock.priority, clock.channel)
    clock.due_kind, clock.due_at = None, None
    if clock.since is not None:
        schedule = policy.schedule(clock.team)
        for kind, allowed, used in (
            (clock.awaited, _response(target, clock.awaited), clock.response_used_s),
            ("resolution", target.resolution_s, clock.resolution_used_s),
        ):
            if allowed is None:
                continue
            due = after_working(schedule, clock.since, allowed - used)
            if due is not None and (clock.due_at is None or due < clock.due_at):
                clock.due_kind, clock.due_at = kind, due
    clock.breached = clock.due_at is not None and clock.due_at <= now


def _response(target: Target, awaited: str | None) -> int | None:
    return target.first_response_s if awaited == "first_response" else target.next_response_s


def _said(clock: Clock, data: Mapping[str, Any], at: datetime, policy: Policy) -> None:
    if data["kind"] != "text":
        return
    if data["party"] == "staff":
        _stop(clock, at, policy)
        clock.answered, clock.awaited, clock.response_used_s = True, None, 0
    elif data["party"] == "buyer" and clock.awaited is None:
        clock.awaited = "next_response" if clock.answered else "first_response"
        clock.response_used_s = 0


def _stop(clock: Clock, at: datetime, policy: Policy) -> None:
    """Count what has passed; the clock stands still until :func:`_run`."""
    if clock.since is not None:
        passed = working_seconds(policy.schedule(clock.team), clock.since, at)
        clock.response_used_s += passed
        clock.resolution_used_s += passed
        clock.since = None


def _run(clock: Clock, at: datetime) -> None:
    if clock.since is None and clock.awaited is not None and not clock.snoozed:
        clock.since = at
