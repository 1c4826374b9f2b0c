"""What Mercadia does when Amparo tells it that a buyer asks something of an order.

This is what a marketplace writes for itself: decide, change its own order, answer, and bring the
order in again so that Amparo shows the new state. Each step may be done twice without harm.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog

from demo.mercadia.book import Answer, Book, Change, Order
from demo.mercadia.shop import texts
from demo.orders import HANDED_OVER
from demo.people import LANGUAGES

log = structlog.get_logger(__name__)
_SECONDS = 10
_PREFIX = "order."
Decision = tuple[Answer, Change | None]


class Amparo:
    """Amparo's integration interface, with the marketplace's key."""

    def __init__(self, address: str, key: str) -> None:
        self._address, self._key = address, key
        # What the machine's proxies are for is elsewhere.
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    def get(self, path: str) -> Any:
        """Read. Raises OSError."""
        return self._send("GET", path, None)

    def put(self, path: str, body: Any) -> Any:
        """Write. Raises OSError."""
        return self._send("PUT", path, json.dumps(body, default=_moment).encode())

    def _send(self, method: str, path: str, body: bytes | None) -> Any:
        request = urllib.request.Request(
            f"{self._address}/api/v1/import/{path}",
            data=body,
            method=method,
            headers={
                "Authorization": f"Bearer {self._key}",
                "Content-Type": "application/json",
            },
        )
        with self._open(request, timeout=_SECONDS) as answer:
            return json.loads(answer.read() or b"null")


class Answers:
    """Answers requests, one after the other."""

    def __init__(self, book: Book, amparo: Amparo, now: Callable[[], datetime]) -> None:
        self._book, self._amparo, self._now = book, amparo, now

    def hear(self, body: dict[str, Any]) -> None:
        """A webhook that was checked; those about something else are passed over."""
        if str(body.get("type", "")).startswith(_PREFIX):
            self._answer_all([str(body["data"]["request"]["id"])])

    def catch_up(self) -> None:
        """Answer what was asked while the site was away."""
        try:
            waiting = self._amparo.get("order-requests?state=asked")["items"]
        except OSError as error:
            log.warning("amparo_not_reached", error=str(error))
            return
        self._answer_all([one["id"] for one in waiting if one["kind"] != "open_dispute"])

    def _answer_all(self, requests: list[str]) -> None:
        for id in requests:
            try:
                self._answer(id)
            except OSError as error:  # it stays open, and the next start catches up
                log.warning("request_not_answered", request=id, error=str(error))

    def _answer(self, id: str) -> None:
        request = self._amparo.get(f"order-requests/{id}")
        ref = str(request["order"])
        answer = self._book.answered(id)
        if answer is None:
            answer, change = decide(request, self._book.order(ref))
            self._book.settle(id, answer, ref, change, self._now())
        try:
            self._amparo.put(f"order-requests/{id}", answer)
        except urllib.error.HTTPError as error:
            if error.code != 409:  # answered before, for instance by an import
                raise
        order = self._book.order(ref)
        if order is not None:
            self._amparo.put("orders", {"items": [order]})


def decide(request: dict[str, Any], order: Order | None) -> Decision:
    """The marketplace's answer to a request, and what it does to the order."""
    kind, language = request["kind"], request["language"]
    if order is None:
        return {"outcome": "refused", "reason_code": "not_found"}, None
    if kind in ("cancel_order", "change_address"):
        return _before_dispatch(kind, request, order, language)
    if kind == "confirm_receipt":
        return {"outcome": "done"}, "delivered"
    if kind == "upload_payment_proof":
        return {"outcome": "done", "text": _say(language, "answer.paid")}, "paid"
    if kind == "request_refund_status":
        return {"outcome": "done", "text": _say(language, "answer.refund")}, None
    return {"outcome": "done"}, None


def _before_dispatch(kind: str, request: dict[str, Any], order: Order, language: str) -> Decision:
    if order["ref"] in HANDED_OVER and order["state"] == "processing":
        said = _say(language, "answer.handed_over")
        refused = {"outcome": "refused", "reason_code": "already_dispatched", "text": said}
        return refused, "dispatched"
    if order["state"] in ("dispatched", "delivered", "cancelled"):
        return {"outcome": "refused", "reason_code": f"already_{order['state']}"}, None
    if kind == "cancel_order":
        return {"outcome": "done"}, "cancelled"
    if "antarctica" in str(request["data"].get("address", "")).lower():
        return {"outcome": "refused", "reason_code": "address_not_served"}, None
    return {"outcome": "done"}, None


def _say(language: str, key: str) -> str:
    return texts(language if language in LANGUAGES else LANGUAGES[0])[key]


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
