"""One live connection: who it is, what it asks, what it is sent."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.orm import Session
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from amparo.conversations.actions import Outcome
from amparo.conversations.queries import StreamEvent, conversation_for, events_after
from amparo.conversations.rules import Draft, Opening
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, NotSignedIn, Problem, TooMany
from amparo.kernel.ids import new_id
from amparo.routing.presence_actions import connected, disconnected
from amparo.routing.queries import place_for
from amparo.server.live import protocol
from amparo.server.live.hub import Subscription, event_frame, position_frame
from amparo.server.live.pace import Pace
from amparo.server.problems import problem_members

if TYPE_CHECKING:
    from amparo.server.live.service import LiveService

log = structlog.get_logger(__name__)
AUTH_WITHIN_S = 5.0
SUBSCRIPTIONS = 200
_OUTBOX = 1000
_CATCH_UP = 500


class Connection:
    """A socket after its first frame has proved who it is."""

    def __init__(self, service: "LiveService", socket: WebSocket, actor: Actor) -> None:
        self.id = new_id()
        self.actor = actor
        self._service, self._socket = service, socket
        self._outbox: asyncio.Queue[str | None] = asyncio.Queue(_OUTBOX)
        self._pace = Pace(service.frames_per_second, service.frames_burst)
        self._subscribed: set[UUID] = set()
        self._close_code = 1000

    # what the hub uses

    def send(self, frame: str) -> None:
        """Queue a frame; a reader too slow for its queue is closed and resumes by numbers."""
        try:
            self._outbox.put_nowait(frame)
        except asyncio.QueueFull:
            self.close(protocol.TOO_SLOW)

    def close(self, code: int) -> None:
        """End the connection with a reason that the client understands."""
        if self._close_code == 1000:
            self._close_code = code
            while not self._outbox.empty():
                self._outbox.get_nowait()
            self._outbox.put_nowait(None)

    def follows(self, conversation: UUID) -> bool:
        """Whether the door of this conversation let this connection in."""
        return conversation in self._subscribed

    # its life

    async def run(self) -> None:
        """Serve until either side ends it."""
        await self._service.transact(
            lambda session, now: connected(
                session, self.id, self.actor.person_id, self._service.node, now
            )
        )
        self._service.hub.enter(self)
        self.send(protocol.encode(self._service.ready(self.actor)))
        writer = asyncio.create_task(self._write())
        reader = asyncio.create_task(self._read())
        try:
            await asyncio.wait({writer, reader}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (writer, reader):
                task.cancel()
            self._service.hub.leave(self)
            self._service.ephemeral.gone(self)
            await asyncio.shield(self._gone())

    async def _gone(self) -> None:
        try:
            await self._service.transact(
                lambda session, now: disconnected(session, self.id, self.actor.person_id, now)
            )
        except Exception:
            log.exception("presence_not_cleared")

    async def _write(self) -> None:
        while (frame := await self._outbox.get()) is not None:
            await self._socket.send_text(frame)
        if self._socket.application_state is WebSocketState.CONNECTED:
            await self._socket.close(self._close_code)

    async def _read(self) -> None:
        try:
            while True:
                text = await self._socket.receive_text()
                if not self._pace.allow():
                    self.close(protocol.TOO_MANY)
                    return
                await self._handle(protocol.decode(text))
        except (WebSocketDisconnect, RuntimeError):
            return
        except (msgspec.MsgspecError, KeyError, UnicodeDecodeError):
            self.close(protocol.MALFORMED)
            await asyncio.sleep(1)  # the writer closes and cancels us

    async def _handle(self, frame: protocol.ClientFrame) -> None:
        match frame:
            case protocol.Post():
                self._post(frame)
            case protocol.Subscribe():
                await self._guarded(self._subscribe(frame), conversation=frame.conversation)
            case protocol.Unsubscribe():
                self._subscribed.discard(frame.conversation)
                self._service.hub.unsubscribe(self, frame.conversation)
            case protocol.Watch() if self.actor.is_staff:
                self._service.hub.watch(self)
            case protocol.Typing():
                work = self._service.ephemeral.typing(self, frame)
                await self._guarded(work, conversation=frame.conversation)
            case protocol.Seen():
                await self._guarded(self._seen(frame), conversation=frame.conversation)
            case protocol.Look() if self.actor.is_staff:
                work = self._service.ephemeral.look(self, frame)
                await self._guarded(work, conversation=frame.conversation)
            case protocol.Ping():
                self.send(protocol.encode(protocol.Pong()))
            case _:
                self.problem(Forbidden())

    async def _seen(self, frame: protocol.Seen) -> None:
        await self._service.ephemeral.check(self, frame.conversation)
        self._service.sightings.seen(self.actor, frame.conversation, frame.seq, read=frame.read)

    async def _guarded(self, work: Awaitable[None], **about: UUID | None) -> None:
        try:
            await work
        except Problem as problem:
            self.problem(problem, **about)

    async def _subscribe(self, frame: protocol.Subscribe) -> None:
        if len(self._subscribed) >= SUBSCRIPTIONS:
            raise TooMany("too_many_subscriptions")
        view = await self._service.read(
            lambda s: conversation_for(s, self.actor, frame.conversation)
        )
        # Numbers that were never given (a backup was restored, a hostile client) hold nothing up.
        after = min(max(0, frame.after), view.last_seq)
        while True:
            events = await self._service.read(
                partial(self._page, conversation=view.id, after=after)
            )
            for event in events:
                self.send(event_frame(event))
                after = event.seq
            if len(events) < _CATCH_UP:
                break
        self.send(protocol.encode(protocol.CaughtUp(view.id, after)))
        subscription = Subscription(self, view.id, view.party, after)
        if view.party == "buyer" and view.state in ("waiting", "deferred"):
            place = await self._service.read(
                lambda s: place_for(s, self.actor, view.id, self._service.clock.now())
            )
            subscription.team, subscription.position = place.team, place.position
            self.send(protocol.encode(position_frame(view.id, place.position, place.wait)))
        self._subscribed.add(view.id)
        self._service.hub.subscribe(subscription)

    def _page(self, session: Session, conversation: UUID, after: int) -> list[StreamEvent]:
        return events_after(session, self.actor, conversation, after, _CATCH_UP)

    def _post(self, frame: protocol.Post) -> None:
        """Hand the message over at once, so that order is kept; answer when it is durable."""
        try:
            self._service.limits.hit("post", str(self.actor.person_id))
        except TooMany as problem:
            self.problem(problem, client_id=frame.client_id, conversation=frame.conversation)
            return
        opening = None
        if frame.open is not None:
            opening = Opening(
                channel=frame.open.channel,
                language=frame.open.language,
                site_key=frame.open.site,
                topic=frame.open.topic,
                question=frame.open.question,
                order_ref=frame.open.order_ref,
                page=frame.open.page,
            )
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
        future = self._service.poster.post(draft)
        future.add_done_callback(lambda done: self._posted(frame, done.result()))

    def _posted(self, frame: protocol.Post, outcome: Outcome) -> None:
        if isinstance(outcome, Problem):
            self.problem(outcome, client_id=frame.client_id, conversation=frame.conversation)
            return
        ack = protocol.Ack(
            frame.client_id,
            frame.conversation,
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
        self.send(
            protocol.encode(
                protocol.ProblemFrame(
                    code=found["code"],
                    title=found["title"],
                    detail=found["detail"],
                    status=found["status"],
                    params=found["params"],
                    client_id=client_id,
                    conversation=conversation,
                )
            )
        )


async def first_frame(
    socket: WebSocket, authenticate: Callable[[str | None, str | None], Awaitable[Actor]]
) -> Actor:
    """Who is speaking: the first frame says it, within ``AUTH_WITHIN_S`` seconds.

    Raises:
        NotSignedIn: it came too late, was something else, or proved nothing.
    """
    try:
        text = await asyncio.wait_for(socket.receive_text(), AUTH_WITHIN_S)
        frame = protocol.decode(text)
    except (TimeoutError, msgspec.MsgspecError, KeyError, RuntimeError):
        raise NotSignedIn() from None
    if not isinstance(frame, protocol.Auth):
        raise NotSignedIn()
    return await authenticate(frame.token, frame.csrf)
