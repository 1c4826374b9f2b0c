"""Mercadia's own order book: what it began with, and what has been done to its orders since."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from demo.orders import orders

Change = Literal["cancelled", "dispatched", "delivered", "paid"]
Order = dict[str, Any]
Answer = dict[str, str]


class Book:
    """The orders, kept over a restart.

    Args:
        began_at: the moment from which the demo's orders are told.
        file: where changes are kept; None keeps them in memory only.
    """

    def __init__(self, began_at: datetime, file: Path | None = None) -> None:
        self._began_at, self._file, self._lock = began_at, file, Lock()
        kept = json.loads(file.read_text("utf-8")) if file is not None and file.exists() else {}
        self._changes: dict[str, list[list[str]]] = kept.get("changes", {})
        self._answers: dict[str, Answer] = kept.get("answers", {})

    def orders(self) -> list[Order]:
        """All orders as they are now."""
        with self._lock:
            changes = {ref: list(done) for ref, done in self._changes.items()}
        found = orders(self._began_at)
        for order in found:
            for what, at in changes.get(order["ref"], ()):
                _apply(order, what, datetime.fromisoformat(at))
        return found

    def order(self, ref: str) -> Order | None:
        """One order."""
        return next((order for order in self.orders() if order["ref"] == ref), None)

    def answered(self, request: str) -> Answer | None:
        """What was answered to a request before: asked twice, it is answered the same."""
        with self._lock:
            return self._answers.get(request)

    def settle(
        self, request: str, answer: Answer, ref: str, change: Change | None, now: datetime
    ) -> None:
        """Keep an answer together with what it does to the order."""
        with self._lock:
            self._answers[request] = answer
            if change is not None:
                self._changes.setdefault(ref, []).append([change, now.isoformat()])
            self._keep()

    def _keep(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps({"changes": self._changes, "answers": self._answers}), "utf-8")
        os.replace(part, self._file)


def _apply(order: Order, what: str, at: datetime) -> None:
    if what == "cancelled":
        order["state"] = "cancelled"
        for payment in order["payments"]:
            if payment["charged"]:
                payment["state"] = "refund_pending"
    elif what == "dispatched":
        order["state"] = "dispatched"
        order["parcels"] = [_parcel(order["ref"], at)]
    elif what == "delivered":
        order["state"], order["delivered_at"] = "delivered", order["delivered_at"] or at
        for parcel in order["parcels"]:
            parcel["state"], parcel["delivered_at"] = "delivered", parcel["delivered_at"] or at
    elif what == "paid":
        order["state"] = "paid"
        for payment in order["payments"]:
            payment["state"], payment["charged"] = "captured", True


def _parcel(ref: str, at: datetime) -> dict[str, Any]:
    return {
        "ref": "1",
        "carrier": "Correo Sur",
        "tracking": f"CS 4811 {ref[-4:]}",
        "state": "in_transit",
        "dispatched_at": at,
        "estimated_at": at + timedelta(days=3),
        "delivered_at": None,
        "steps": [{"at": at, "text": "Handed over by the store"}],
    }
