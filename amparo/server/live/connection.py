"""One live connection: who it is, what it asks, what it is sent."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.orm import Session

from amparo.conversations.actions import Outcome
from amparo.conversations.queries import StreamEvent, conversation_for, events_after
from amparo.conversations.rules import Draft, Opening
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, Invalid, NotSignedIn, Problem, TooLarge, TooMany
from amparo.kernel.ids import new_id
from amparo.routing.queries import place_for
from amparo.server.live import protocol
from amparo.server.live.hub import Subscription, event_frame
from amparo.server.live.line import MOST_BYTES, TOO_BIG, Line
from amparo.server.live.pace import Pace
from amparo.server.problems import problem_members

if TYPE_CHECKING:
    from amparo.server.live.service import LiveService

log = structlog.get_logger(__name__)
Work = Coroutine[Any, Any, None]
AUTH_WITHIN_S = 5.0
SUBSCRIPTIONS = 200
_CATCH_UP = 500
_WAITING = 100
"""Frames of one connection that wait for an earlier one; then nothing more is read."""


class Connection:
    """What a line says, from its first frame, which proves who it is."""

    __slots__ = (
        "_busy",
        "_deadline",
        "_ended",
        "_pace",
        "_service",
        "_subscribed",
        "_waiting",
        "actor",
        "address",
        "cookie",
        "id",
        "known",
        "line",
    )

    def __init__(
        self, service: "LiveService", line: Line, address: str, cookie: str | None
    ) -> None:
        self.id = new_id()
        self.actor = cast("Actor", None)
        self.known = False
        """Whether the first frame has said who it is; ``actor`` holds from then on."""
        self.line, self.address, self.cookie = line, address, cookie
        self._service = service
        self._pace = Pace(service.frames_per_second, service.frames_burst)
        self._subscribed: set[UUID] = set()
        self._busy: asyncio.Task[None] | None = None
        self._waiting: deque[bytes] | None = None
        self._ended = False
        self._deadline: asyncio.TimerHandle | None = asyncio.get_running_loop().call_later(
            AUTH_WITHIN_S, self.close, protocol.NOT_SIGNED_IN
        )

    # what the hub uses

    def send(self, frame: bytes) -> None:
        """Send a frame; a reader too slow for it is closed and resumes by numbers."""
        if not self.line.write(frame):
            self.close(protocol.TOO_SLOW)

    def close(self, code: int) -> None:
        """End the connection with a reason that the client understands."""
        self._ended = True
        self.line.close(code)

    @property
    def is_over(self) -> bool:
        """Whether it has ended, or is about to."""
        return self._ended

    def follows(self, conversation: UUID) -> bool:
        """Whether the door of this conversation let this connection in."""
        return conversation in self._subscribed

    # what the line calls

    def heard(self, text: bytes) -> None:
        """A frame came. Those that need the database are served one after the other."""
        if self._ended:
            return
        if self._busy is not None:
            if self._waiting is None:
                self._waiting = deque()
            self._waiting.append(text)
            if len(self._waiting) >= _WAITING:
                self.line.stop_reading()
            return
        work = self._take(text)
        if work is not None:
            self._busy = asyncio.get_running_loop().create_task(self._serve(work))

    def refuse(self, code: int) -> None:
        """The line cannot go on: say why, then end it."""
        if code == TOO_BIG and self.known:
            self.problem(TooLarge("frame_too_large", kib=MOST_BYTES // 1024))
        elif self.known:
            self.problem(Invalid("frame_malformed", reason="WebSocket"))
        self.close(code)

    def ended(self) -> "asyncio.Task[None] | None":
        """The line is gone; returns what still has to be done."""
        self._ended = True
        if self._deadline is not None:
            self._deadline.cancel()
        if self._busy is not None and self.known:
            self._busy.cancel()
        return self._service.left(self)

    # frames

    async def _serve(self, work: Work) -> None:
        try:
            await work
            while self._waiting and not self._ended:
                more = self._take(self._waiting.popleft())
                if more is not None:
                    await more
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("live_frame_failed")
            self.close(protocol.INTERNAL)
        finally:
            self._busy = self._waiting = None
            self.line.go_on_reading()

    def _take(self, text: bytes) -> Work | None:
        """Serve a frame; what needs the database is returned, to be awaited."""
        if not self._pace.allow():
            self.close(protocol.TOO_MANY)
            return None
        try:
            frame = protocol.decode(text)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            if self.known:
                self.problem(Invalid("frame_malformed", reason=str(error)[:200]))
            self.close(protocol.MALFORMED if self.known else protocol.NOT_SIGNED_IN)
            return None
        if self.known:
            return self._handle(frame)
        if isinstance(frame, protocol.Auth):
            if self._deadline is not None:  # from here on we are what takes time
                self._deadline.cancel()
            return self._authenticate(frame)
        self.close(protocol.NOT_SIGNED_IN)
        return None

    async def _authenticate(self, frame: protocol.Auth) -> None:
        try:
            actor = await self._service.authenticate(self, frame)
        except NotSignedIn:
            self.close(protocol.NOT_SIGNED_IN)
            return
        self.actor, self.known, self.cookie, self._deadline = actor, True, None, None
        if not self._service.enter(self):
            self.close(protocol.TOO_MANY)
        elif not self._ended:
            self.send(protocol.encode(self._service.ready(actor)))

    def _handle(self, frame: protocol.ClientFrame) -> Work | None:
        match frame:
            case protocol.Post():
                self._post(frame)
            case protocol.Subscribe():
                return self._guarded(self._subscribe(frame), frame.conversation)
            case protocol.Unsubscribe():
                self._subscribed.discard(frame.conversation)
                self._service.hub.unsubscribe(self, frame.conversation)
            case protocol.Watch() if self.actor.is_staff:
                self._service.hub.watch(self)
            case protocol.Typing():
                work = self._service.ephemeral.typing(self, frame)
                return self._guarded(work, frame.conversation)
            case protocol.Seen():
                return self._guarded(self._seen(frame), frame.conversation)
            case protocol.Look() if self.actor.is_staff:
                work = self._service.ephemeral.look(self, frame)
                return self._guarded(work, frame.conversation)
            case protocol.Ping():
                self.send(protocol.PONG)
            case _:
                self.problem(Forbidden())
        return None

    async def _seen(self, frame: protocol.Seen) -> None:
        await self._service.ephemeral.check(self, frame.conversation)
        self._service.sightings.seen(self.actor, frame.conversation, frame.seq, read=frame.read)

    async def _guarded(self, work: Work, conversation: UUID) -> None:
        try:
            await work
        except Problem as problem:
            self.problem(problem, conversation=conversation)

    async def _subscribe(self, frame: protocol.Subscribe) -> None:
        if len(self._subscribed) >= SUBSCRIPTIONS:
            raise TooMany("too_many_subscriptions")
        view = await self._service.read(
            lambda s: conversation_for(s, self.actor, frame.conversation)
        )
        # Numbers that were never given (a backup was restored, a hostile client) hold nothing up.
        after = min(max(0, frame.after), view.last_seq)
        while after < view.last_seq:
            events = await self._service.read(
                partial(self._page, conversation=view.id, after=after)
            )
            for event in events:
                self.send(event_frame(event))
                after = event.seq
            await self.line.drained()
            if len(events) < _CATCH_UP:
                break
        self.send(protocol.encode(protocol.CaughtUp(view.id, after)))
        subscription = Subscription(self, view.id, view.party, after)
        if view.party == "buyer" and view.state in ("waiting", "deferred"):
            place = await self._service.read(
                lambda s: place_for(s, self.actor, view.id, self._service.clock.now())
            )
            subscription.team, subscription.position = place.team, place.position
            self.send(protocol.encode(protocol.Position(view.id, place.position)))
        if not self._ended:
            self._subscribed.add(view.id)
            self._service.hub.subscribe(subscription)

    def _page(self, session: Session, conversation: UUID, after: int) -> list[StreamEvent]:
        return events_after(session, self.actor, conversation, after, _CATCH_UP)

    def _post(self, frame: protocol.Post) -> None:
        """Hand the message over at once, so that order is kept; answer when it is durable."""
        try:
            self._service.limits.hit("post", str(self.actor.person_id))
            opening = None if frame.open is None else _opening(frame.open)
            draft = Draft(
                self.actor,
                frame.conversation,
                frame.client_id,
                frame.body,
                kind="note" if frame.note else "text",
                opening=opening,
                question=frame.question,
                files=tuple(frame.files),
                quote=frame.quote,
                after=frame.after,
                mentions=tuple(frame.mentions),
            )
            self._service.poster.post(draft, self._posted)
        except Problem as problem:
            self.problem(problem, client_id=frame.client_id, conversation=frame.conversation)

    def _posted(self, draft: Draft, outcome: Outcome) -> None:
        if isinstance(outcome, Problem):
            self.problem(outcome, client_id=draft.client_id, conversation=draft.conversation_id)
            return
        ack = protocol.Ack(
            draft.client_id,
            draft.conversation_id,
            outcome.message_id,
            outcome.seq,
            outcome.at,
        )
        self.send(protocol.encode(ack))

    def problem(
        self, problem: Problem, client_id: UUID | None = None, conversation: UUID | None = None
    ) -> None:
        """Tell the client what was refused, in its language."""
        found = problem_members(problem, self.actor.language)
        del found["type"]
        told = protocol.ProblemFrame(**found, client_id=client_id, conversation=conversation)
        self.send(protocol.encode(told))


def cookie_in(headers: list[tuple[bytes, bytes]], name: str) -> str | None:
    """A cookie's value among the headers of a hand-shake."""
    for header, value in headers:
        if header == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(name)
            except CookieError:
                continue
            if found is not None:
                return found.value
    return None


def _opening(frame: protocol.OpeningFrame) -> Opening:
    return Opening(
        channel=frame.channel,
        language=frame.language,
        site_key=frame.site,
        topic=frame.topic,
        question=frame.question,
        order_ref=frame.order_ref,
        page=frame.page,
    )
