"""How often and how much: attempts per address and person, bytes per request.

Counted in this process: with several processes each counts for itself, so the limits are a
brake on guessing and flooding, not an exact quota.
"""

import ipaddress
import math
import re
import threading
import time
from collections.abc import Callable

from fastapi import Request
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from amparo.config import Settings
from amparo.kernel.errors import TooMany
from amparo.server.problems import answer
from amparo.storage.documents import MOST_BYTES

_IPV6_SUBSCRIBER = 64
"""A subscriber of IPv6 owns a /64 at least: single addresses of it mean nothing."""
_SWEEP = 20_000
IMPORT_PREFIX = "/api/v1/import/"
_UPLOAD = re.compile(r"/api/v1/(conversations/[^/]+|cases)/files")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class RequestLimits:
    """The counters of this process, as ``app.state.limits``."""

    def __init__(self, settings: Settings) -> None:
        self._rules = {
            "sign_in": parse_many(settings.limit_sign_in),
            "sign_in_address": parse_many(settings.limit_sign_in_address),
            "token_exchange": parse_many(settings.limit_token_exchange),
            "visitor": parse_many(settings.limit_visitor),
            "transcript": parse_many(settings.limit_transcript),
            "help_rating": parse_many(settings.limit_help_rating),
            "upload": parse_many(settings.limit_upload),
            "upload_address": parse_many(settings.limit_upload_address),
        }
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._posts = [Bucket(item) for item in parse_many(settings.limit_post)]
        self._proxies = networks(settings.trusted_proxies)
        self.struck: Callable[[str], None] = lambda _: None
        """Called with the key of whoever ran into the limit of messages."""

    def hit(self, kind: str, *key: str) -> None:
        """Count one attempt of a kind.

        Raises:
            TooMany: the limit is passed; ``retry_after`` says in how many seconds to try again.
        """
        if kind == "post":
            self._hit_post(":".join(key))
            return
        for item in self._rules[kind]:
            if not self._window.hit(item, kind, *key):
                reset = self._window.get_window_stats(item, kind, *key).reset_time
                raise TooMany(retry_after=max(1, math.ceil(reset - time.time())))

    def address(self, request: Request) -> str:
        """The client's address, as far as we can believe it."""
        return client_address(request.scope, self._proxies)

    def address_of(self, scope: Scope) -> str:
        """The same for a socket."""
        return client_address(scope, self._proxies)

    def _hit_post(self, key: str) -> None:
        for bucket in self._posts:
            wait = bucket.hit(key)
            if wait:
                self.struck(key)
                raise TooMany(retry_after=math.ceil(wait))


class Bucket:
    """The generic cell rate algorithm: one number per key.

    Messages are counted with this and not with the moving window of ``limits``, whose clean-up
    walks over all keys a hundred times a second: with 10,000 writers it took half a core.
    """

    def __init__(self, item: RateLimitItem, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = float(item.get_expiry())
        self._step = self._burst / item.amount
        self._clock = clock
        self._empty_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def hit(self, key: str) -> float:
        """Count one; 0.0 where it is allowed, else how many seconds to wait."""
        now = self._clock()
        with self._lock:
            if len(self._empty_at) > _SWEEP:
                self._empty_at = {k: at for k, at in self._empty_at.items() if at > now}
            fresh = max(self._empty_at.get(key, now), now) + self._step
            over = fresh - now - self._burst
            if over > 1e-9:
                return over
            self._empty_at[key] = fresh
            return 0.0


def networks(trusted: str) -> list[Network]:
    """The networks in a list by comma. Raises ValueError with the part that is none."""
    return [ipaddress.ip_network(part.strip()) for part in trusted.split(",") if part.strip()]


def client_address(scope: Scope, proxies: list[Network]) -> str:
    """The peer; behind trusted proxies the nearest address that is none of theirs.

    Anybody can write X-Forwarded-For, so it is read from the right and only as far as each hop
    was written by a proxy that a setting trusts.
    """
    peer = scope.get("client")
    found = peer[0] if peer else "unknown"
    hops = [
        hop.strip()
        for name, value in scope.get("headers", [])
        if name == b"x-forwarded-for"
        for hop in value.decode("latin-1").split(",")
    ]
    while hops and _within(found, proxies):
        if _parsed(hops[-1]) is None:
            break
        found = hops.pop()
    parsed = _parsed(found)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, _IPV6_SUBSCRIBER), strict=False))
    return found


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped
    return parsed


def _within(address: str, proxies: list[Network]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in proxies)


class BodyLimit:
    """Refuses bodies larger than the settings allow, announced or not, before they are kept."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._usual, self._import = settings.limit_body_bytes, settings.limit_import_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        if _announced(scope) > limit:
            await _refuse(scope, receive, send, limit)
            return
        await self._measured(scope, receive, send, limit)

    def _limit(self, path: str) -> int:
        if path.startswith(IMPORT_PREFIX):
            return self._import
        return MOST_BYTES if _UPLOAD.fullmatch(path) else self._usual

    async def _measured(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        seen, over, started = 0, False, False

        async def counted() -> Message:
            nonlocal seen, over
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                over = True
                return {"type": "http.disconnect"}
            return message

        async def guarded(message: Message) -> None:
            nonlocal started
            if not over or started:
                started = True
                await send(message)

        try:
            await self._app(scope, counted, guarded)
        except Exception:
            if not over or started:
                raise
        if over and not started:
            await _refuse(scope, receive, send, limit)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


async def _refuse(scope: Scope, receive: Receive, send: Send, limit: int) -> None:
    request = Request(scope)
    if _UPLOAD.fullmatch(scope["path"]):
        refusal = answer("file_too_large", 413, request, limit_mb=limit // 1024**2)
    else:
        refusal = answer("too_large", 413, request, kib=limit // 1024)
    refusal.headers["connection"] = "close"
    await refusal(scope, receive, send)
