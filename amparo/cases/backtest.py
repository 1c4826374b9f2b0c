"""What buyers of real orders could have opened, day by day, and how it would have ended. Pure.

Every day only what was known on that day counts: an order that came late is, until it came, an
order that did not come. The buyer writes to the seller on the first day of trouble and opens the
first case that the rules allow. How people then act is made up, the same every time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from amparo.cases import rules
from amparo.cases.case import Facts, Opening
from amparo.cases.kinds import Reason
from amparo.cases.policy import Policy
from amparo.cases.simulation import Life
from amparo.cases.synthetic import Scenario, form, scenario
from amparo.kernel.errors import Problem

WATCHED = timedelta(days=150)
"""How long after the purchase a buyer still looks."""
_DAY = timedelta(days=1)
_TRIED: tuple[tuple[Reason, str], ...] = (
    ("paid_unavailable", "refund"),
    ("not_received", "refund"),
    ("compensation", "part_refund"),
)
_TIMES = ("placed_at", "ship_by", "deliver_by", "delivered_at")
_GONE = ("cancelled", "unavailable")
_LATE_SHARE = 5
"""Somebody to whom it came late asks for a fifth."""


@dataclass(slots=True)
class Backtest:
    """The counts; ``refunded`` in minor units, ``days`` from opening to end."""

    orders: int = 0
    late: int = 0
    gone: Counter[str] = field(default_factory=Counter)
    simulated_days: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    by_reason: dict[str, Counter[str]] = field(default_factory=dict)
    days: list[float] = field(default_factory=list)
    refunded: int = 0
    captured: int = 0
    violations: int = 0

    def at(self, share: float) -> float:
        """The days within which that share of the cases ended."""
        days = sorted(self.days)
        return round(days[min(len(days) - 1, int(len(days) * share))], 1) if days else 0.0

    def figures(self) -> dict[str, object]:
        """As JSON."""
        return {
            "orders": self.orders,
            "late": self.late,
            "cancelled": self.gone["cancelled"],
            "unavailable": self.gone["unavailable"],
            "days": self.simulated_days,
            "opened": sum(self.reasons.values()),
            "by_reason": dict(self.reasons),
            "by_outcome": dict(self.outcomes),
            "outcomes_by_reason": {reason: dict(one) for reason, one in self.by_reason.items()},
            "median_days": self.at(0.5),
            "p95_days": self.at(0.95),
            "captured": self.captured,
            "refunded": self.refunded,
            "violations": self.violations,
        }


def run(orders: Iterable[Mapping[str, Any]], policy: Policy) -> Backtest:
    """Live the days of the data from the first purchase to the last look."""
    result = Backtest()
    watched: list[Mapping[str, Any]] = []
    for item in orders:
        order = {**item, **{name: _moment(item[name]) for name in _TIMES}}
        result.orders += 1
        delivered, promised = order["delivered_at"], order["deliver_by"]
        result.late += bool(delivered and promised and delivered > promised)
        result.gone[order["state"]] += order["state"] in _GONE
        if _trouble(order):
            watched.append(order)
    if not watched:
        return result
    watched.sort(key=lambda order: (order["placed_at"], order["ref"]), reverse=True)
    live: list[Mapping[str, Any]] = []
    today, last = watched[-1]["placed_at"], watched[0]["placed_at"] + WATCHED
    while today <= last and (watched or live):
        while watched and watched[-1]["placed_at"] <= today:
            live.append(watched.pop())
        live = [order for order in live if not _done(order, today, policy, result)]
        result.simulated_days += 1
        today += _DAY
    return result


def _moment(value: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _trouble(order: Mapping[str, Any]) -> bool:
    delivered, promised = order["delivered_at"], order["deliver_by"]
    on_time = delivered is not None and (promised is None or delivered <= promised)
    return order["state"] in _GONE or not on_time


def _done(order: Mapping[str, Any], today: datetime, policy: Policy, result: Backtest) -> bool:
    """A buyer looks at the order; True where there is nothing more to look for."""
    if today > order["placed_at"] + WATCHED:
        return True
    facts = facts_on(order, today)
    contacted = _first_trouble(order)
    contacted = contacted if contacted is not None and contacted <= today else None
    for reason, remedy in _TRIED:
        if rules.openable(reason, facts, contacted, policy, today)[0]:
            _live(order, facts, reason, remedy, contacted, today, policy, result)
            return True
    return False


def facts_on(order: Mapping[str, Any], today: datetime) -> Facts:
    """What was known of the order on that day."""
    delivered = _known(order["delivered_at"], today)
    dispatched = [
        _known(_moment(one.get("dispatched_at")), today) for one in order.get("parcels", ())
    ]
    shipped = delivered is not None or any(dispatched)
    captured = sum(
        one["amount"]
        for one in order["payments"]
        if one["state"] == "captured" and _known(_moment(one["at"]), today)
    )
    total = order["shipping"] + sum(
        line["unit_price"] * line.get("quantity", 1) for line in order["lines"]
    )
    over = order["ship_by"] or order["placed_at"] + 2 * _DAY
    return Facts(
        currency=order["currency"],
        captured=captured,
        line_total=total,
        paid=captured > 0,
        attempted=bool(order["payments"]),
        cancelled=order["state"] in _GONE and over <= today,
        shipped=shipped,
        tracking="delivered" if delivered else "moving" if shipped else "none",
        delivered_at=delivered,
        deliver_by=order["deliver_by"],
        ship_by=order["ship_by"],
        seller=bool(order["lines"]),
    )


def _known(moment: datetime | None, today: datetime) -> datetime | None:
    return moment if moment is not None and moment <= today else None


def _first_trouble(order: Mapping[str, Any]) -> datetime | None:
    """When the buyer writes to the seller: the day after it should have been there."""
    promised: datetime | None = order["deliver_by"]
    return None if promised is None else promised + _DAY


def _live(
    order: Mapping[str, Any],
    facts: Facts,
    reason: Reason,
    remedy: str,
    contacted: datetime | None,
    today: datetime,
    policy: Policy,
    result: Backtest,
) -> None:
    seed = int.from_bytes(order["ref"].encode()[-6:], "big")
    amount = None
    if remedy == "part_refund":
        amount = max(1, min(facts.captured, facts.line_total) // _LATE_SHARE)
    opening = Opening(
        id=f"backtest-{order['ref']}",
        reason=reason,
        remedy=remedy,  # type: ignore[arg-type]  # of the table above
        amount=amount,
        contacted_at=contacted,
        text="-",
        fields=form(reason),
    )
    people = scenario(seed).people
    try:
        lived = Life(Scenario(seed, facts, opening, today, people), policy).run()
    except Problem:
        result.violations += 1
        return
    outcome = lived.case.outcome or "open"
    result.reasons[reason] += 1
    result.outcomes[outcome] += 1
    result.by_reason.setdefault(reason, Counter())[outcome] += 1
    result.days.append(lived.days)
    result.refunded += lived.paid
    result.captured += facts.captured
    result.violations += len(lived.violations) + (lived.paid > facts.captured)


def shown(found: Backtest) -> Iterator[str]:
    """The counts for a terminal."""
    yield f"{found.orders} orders, {found.late} late, {sum(found.gone.values())} cancelled or gone"
    for reason, outcomes in sorted(found.by_reason.items()):
        told = ", ".join(f"{name} {count}" for name, count in outcomes.most_common())
        yield f"  {reason:<20}{found.reasons[reason]:>6}  {told}"
