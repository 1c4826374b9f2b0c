"""Receiving Amparo's webhooks, as a marketplace would: check first, answer fast, keep little.

Source of the form: Standard Webhooks 1.0.0, https://www.standardwebhooks.com
"""

import base64
import hashlib
import hmac
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

TOLERANCE_S = 300
"""How old or new a delivery may be: older ones could be somebody's recording."""
KEPT = 50


class Untrue(Exception):
    """Not from Amparo, or not as it was sent, or not from now."""


@dataclass(frozen=True, slots=True)
class Received:
    """A delivery that was checked."""

    id: str
    kind: str
    at: datetime
    body: dict[str, Any]


class Inbox:
    """The last deliveries, each once however often it is sent."""

    def __init__(self, secret: str) -> None:
        self._key = base64.b64decode(secret.removeprefix("whsec_"))
        self._kept: OrderedDict[str, Received] = OrderedDict()
        self._lock = Lock()

    def receive(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Received | None:
        """Check a delivery and keep it; None for one that came before. Raises Untrue."""
        id, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not id or not sent.isdecimal() or abs(int(sent) - now.timestamp()) > TOLERANCE_S:
            raise Untrue()
        signed = f"{id}.{sent}.".encode() + body
        right = base64.b64encode(hmac.new(self._key, signed, hashlib.sha256).digest()).decode()
        offered = headers.get("webhook-signature", "").split()
        # Several signatures may stand there while a secret is being changed.
        if not any(hmac.compare_digest(f"v1,{right}".encode(), one.encode()) for one in offered):
            raise Untrue()
        content = json.loads(body)
        received = Received(id, str(content.get("type", "?")), now, content)
        with self._lock:
            if id in self._kept:
                return None
            self._kept[id] = received
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return received

    def last(self) -> list[Received]:
        """What came, newest first."""
        with self._lock:
            return list(reversed(self._kept.values()))
