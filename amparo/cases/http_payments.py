"""A payment provider behind an address: the marketplace's own server, or a small adapter there.

``POST`` with ``{"type": "refund" | "status", "key", "order_ref", "amount", "currency"}``, signed
like webhooks, the key also as ``Idempotency-Key``. Answers: 200 with ``{"state": "paid" | "failed"
| "pending" | "none", "ref": ...}``. Anything else is no answer: it is asked about later.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from amparo import __version__
from amparo.cases.payments import Refund, Reply, State
from amparo.storage.networks import Network
from amparo.storage.outgoing import OutgoingError, Resolve, post
from amparo.storage.signing import signed_headers

_ANSWER_BYTES = 4096
_LONGEST_REF = 200
_STATES: dict[str, State] = {"paid": "paid", "failed": "failed", "none": "none"}


class HttpProvider:
    """Tells an address; ``resolve`` stands in for the system's resolver."""

    name = "http"

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        timeout_s: float,
        allowed: Sequence[Network] = (),
        resolve: Resolve | None = None,
    ) -> None:
        self._url, self._secret, self._timeout_s = url, secret, timeout_s
        self._allowed, self._resolve = allowed, resolve

    def refund(self, refund: Refund, now: datetime) -> Reply:
        """Tell it to pay; ``none`` would mean nothing here and is no answer."""
        reply = self._tell("refund", refund, now)
        return Reply("unknown", detail="answered none") if reply.state == "none" else reply

    def status(self, refund: Refund, now: datetime) -> Reply:
        return self._tell("status", refund, now)

    def _tell(self, what: str, refund: Refund, now: datetime) -> Reply:
        asked = {
            "type": what,
            "key": refund.key,
            "order_ref": refund.order_ref,
            "amount": refund.amount,
            "currency": refund.currency,
        }
        body = json.dumps(asked, ensure_ascii=False, sort_keys=True).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"Amparo/{__version__} (refunds)",
            "Idempotency-Key": refund.key,
            **signed_headers(self._secret, f"{what}-{refund.key}", now, body),
        }
        try:
            answer = post(
                self._url,
                body,
                headers,
                allowed_networks=self._allowed,
                timeout_s=self._timeout_s,
                max_bytes=_ANSWER_BYTES,
                resolve=self._resolve,
            )
        except OutgoingError as error:
            return Reply("unknown", detail=str(error))
        if answer.status != 200:
            return Reply("unknown", detail=f"status {answer.status}")
        return reply_of(answer.body)


def reply_of(body: bytes) -> Reply:
    """What an answer says; whatever cannot be read says nothing."""
    try:
        said: Any = json.loads(body)
        state, ref = said.get("state"), said.get("ref")
    except (ValueError, AttributeError):
        return Reply("unknown", detail="unreadable")
    known = _STATES.get(state, "unknown") if isinstance(state, str) else "unknown"
    return Reply(known, str(ref)[:_LONGEST_REF] if ref is not None else None)
