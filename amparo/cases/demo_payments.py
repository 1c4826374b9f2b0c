"""A payment provider that moves no money: for the demo, and for trying what can go wrong.

``AMPARO_DEMO_PAYMENTS`` is a behaviour for everything and, after commas, behaviours of single
orders: ``ok,M-1003=late,M-1004=failing``. The provider forgets when the process ends.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Literal, get_args

from amparo.cases.payments import Refund, Reply, State

Behaviour = Literal["ok", "slow", "silent", "failing", "late", "double"]
BEHAVIOURS: tuple[Behaviour, ...] = get_args(Behaviour)
_SLOW, _LATE = timedelta(minutes=1), timedelta(minutes=15)


def behaviours(setting: str) -> tuple[Behaviour, dict[str, Behaviour]]:
    """The behaviour for everything, and those of single orders.

    Raises:
        ValueError: not written like that, with the words of the problem.
    """
    first, single = _behaviour(setting.split(",")[0]), {}
    for part in setting.split(",")[1:]:
        order, sign, name = part.partition("=")
        if not sign or not order.strip():
            raise ValueError(f"{part!r}: write ORDER=BEHAVIOUR")
        single[order.strip()] = _behaviour(name)
    return first, single


def _behaviour(name: str) -> Behaviour:
    for known in BEHAVIOURS:
        if known == name.strip():
            return known
    raise ValueError(f"{name!r} is none of {', '.join(BEHAVIOURS)}")


@dataclass(slots=True)
class _Kept:
    amount: int
    known_at: datetime
    paid: bool


@dataclass(slots=True)
class DemoProvider:
    """Behaves as it is told.

    Attributes:
        paid: key -> how often and how much money has left; a key that is told twice pays once.
    """

    setting: str = "ok"
    name: str = "demo"
    _ledger: dict[str, _Kept] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def refund(self, refund: Refund, now: datetime) -> Reply:
        """As the order's behaviour says: ``failing`` refuses, ``silent`` never pays nor answers,
        ``slow`` and ``late`` pay and know of it a minute or a quarter of an hour later."""
        behaviour = self._behaviour_of(refund)
        with self._lock:
            if behaviour == "failing":
                return Reply("failed", detail="the demo was told to fail")
            wait = {"slow": _SLOW, "late": _LATE}.get(behaviour, timedelta(0))
            paid = behaviour != "silent"
            kept = self._ledger.setdefault(refund.key, _Kept(refund.amount, now + wait, paid))
            return self._reply(refund, kept, now, repeated=behaviour == "double")

    def status(self, refund: Refund, now: datetime) -> Reply:
        with self._lock:
            kept = self._ledger.get(refund.key)
            if kept is None:
                return Reply("unknown" if self._behaviour_of(refund) == "silent" else "none")
            return self._reply(refund, kept, now)

    def _behaviour_of(self, refund: Refund) -> Behaviour:
        everything, single = behaviours(self.setting)
        return single.get(refund.order_ref, everything)

    def _reply(
        self, refund: Refund, kept: _Kept, now: datetime, *, repeated: bool = False
    ) -> Reply:
        if kept.amount != refund.amount:
            return Reply("failed", detail="the key was used for another amount")
        state: State = "paid" if kept.paid and kept.known_at <= now else "unknown"
        return Reply(state, f"demo-{refund.key[-12:]}", repeated=repeated and state == "paid")
