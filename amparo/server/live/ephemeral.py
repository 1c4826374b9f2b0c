"""Who is writing and who is looking: told to those who may know, and stored nowhere.

Writing is told to the other sides of a conversation, looking to the staff alone. What a process
hears of another one ends by itself when it is not said again, so a process that dies leaves
nobody writing for ever. Everything here runs on the loop.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast
from uuid import UUID

from amparo.conversations.queries import conversation_for
from amparo.kernel.errors import TooMany
from amparo.server.live.protocol import Look, Looker, Looking, SomebodyTyping, Typing, encode

if TYPE_CHECKING:
    from amparo.server.live.connection import Connection
    from amparo.server.live.service import LiveService

Mode = Literal["viewing", "replying"]
LIFE_S = 6.0
"""How long a sign holds unless it is repeated (s)."""
REPEAT_S = 2.5
"""Writing that is said more often than this is said once."""
_LOOK_AGAIN_S = 3.0
MOST = 50
"""Conversations in which one connection may be seen at once."""


@dataclass(slots=True)
class _Writing:
    ends: asyncio.TimerHandle
    told_at: float


@dataclass(slots=True)
class _Sight:
    """One connection of a colleague, here or in another process."""

    person: UUID
    name: str
    mode: Mode
    ends: asyncio.TimerHandle | None


class Ephemeral:
    """The signs of this process's connections, and what it knows of the others'."""

    def __init__(self, service: "LiveService") -> None:
        self._service = service
        self._writing: dict[UUID, dict[UUID, _Writing]] = defaultdict(dict)
        self._looks: dict[UUID, dict[UUID, Mode]] = defaultdict(dict)
        self._sights: dict[UUID, dict[UUID, _Sight]] = defaultdict(dict)
        self._heard: dict[tuple[UUID, UUID], asyncio.TimerHandle] = {}
        self._again: asyncio.TimerHandle | None = None
        service.bus.on("typing", self._typing_heard)
        service.bus.on("looking", self._looking_heard)

    async def typing(self, connection: "Connection", frame: Typing) -> None:
        """Somebody writes, or has stopped.

        Raises:
            NotFound: the conversation is not theirs.
            TooMany: in more conversations at once than anybody writes in.
        """
        await self.check(connection, frame.conversation)
        if not frame.on:
            self._stop_writing(connection, frame.conversation)
            return
        mine = self._writing[connection.id]
        before, now = mine.get(frame.conversation), _now()
        if before is not None:
            before.ends.cancel()
        elif len(mine) >= MOST:
            raise TooMany("too_many_subscriptions")
        tell = before is None or now - before.told_at >= REPEAT_S
        ends = _later(LIFE_S, self._stop_writing, connection, frame.conversation)
        told_at = now if tell or before is None else before.told_at
        mine[frame.conversation] = _Writing(ends, told_at)
        if tell:
            self._say_typing(connection, frame.conversation, on=True)

    async def look(self, connection: "Connection", frame: Look) -> None:
        """A colleague has a conversation before them, or has left it; the caller asked for staff.

        Raises:
            NotFound: there is no such conversation.
            TooMany: more conversations at once than anybody looks at.
        """
        await self.check(connection, frame.conversation)
        mine = self._looks[connection.id]
        if frame.mode is None:
            if mine.pop(frame.conversation, None) is not None:
                self._say_looking(connection, frame.conversation, None)
            return
        if frame.conversation not in mine and len(mine) >= MOST:
            raise TooMany("too_many_subscriptions")
        mine[frame.conversation] = frame.mode
        self._say_looking(connection, frame.conversation, frame.mode)
        people = self._people(frame.conversation, connection.actor.person_id)
        if people:
            connection.send(encode(Looking(frame.conversation, people)))
        if self._again is None:
            self._again = _later(_LOOK_AGAIN_S, self._look_again)

    def gone(self, connection: "Connection") -> None:
        """A connection ended, and its signs with it."""
        for conversation in list(self._writing.get(connection.id, ())):
            self._stop_writing(connection, conversation)
        self._writing.pop(connection.id, None)
        for conversation in self._looks.pop(connection.id, {}):
            self._say_looking(connection, conversation, None)

    async def check(self, connection: "Connection", conversation: UUID) -> None:
        """Whoever follows a conversation was asked at its door; anybody else is asked now.

        Raises:
            NotFound: it is not theirs to enter.
        """
        if not connection.follows(conversation):
            actor = connection.actor
            await self._service.read(lambda s: conversation_for(s, actor, conversation))

    # writing

    def _stop_writing(self, connection: "Connection", conversation: UUID) -> None:
        before = self._writing.get(connection.id, {}).pop(conversation, None)
        if before is not None:
            before.ends.cancel()
            self._say_typing(connection, conversation, on=False)

    def _say_typing(self, connection: "Connection", conversation: UUID, *, on: bool) -> None:
        actor = connection.actor
        said = {"conversation": str(conversation), "connection": str(connection.id), "on": on}
        who = {"person": str(actor.person_id), "party": actor.party, "name": actor.name}
        self._service.broadcast("typing", said | who)

    def _typing_heard(self, said: dict[str, Any]) -> None:
        conversation, connection = UUID(said["conversation"]), UUID(said["connection"])
        key = (conversation, connection)
        before = self._heard.pop(key, None)
        if before is not None:
            before.cancel()
        if said["on"]:
            silent = {**said, "on": False}
            self._heard[key] = _later(LIFE_S + 1, self._typing_heard, silent)
        elif before is None:
            return
        frame = encode(SomebodyTyping(conversation, said["party"], said["name"], said["on"]))
        for listener in self._service.hub.listeners(conversation):
            if listener.party != said["party"]:
                listener.reader.send(frame)

    # looking

    def _say_looking(self, connection: "Connection", conversation: UUID, mode: Mode | None) -> None:
        actor = connection.actor
        said = {"conversation": str(conversation), "connection": str(connection.id), "mode": mode}
        who = {"person": str(actor.person_id), "name": actor.name, "node": self._service.node}
        self._service.broadcast("looking", said | who)

    def _look_again(self) -> None:
        """Others forget what is not said again; where nobody looks, nothing runs."""
        self._again = None
        if not any(self._looks.values()):
            return
        self._again = _later(_LOOK_AGAIN_S, self._look_again)
        if self._service.bus.alone:
            return
        for reader in self._service.hub.readers:
            connection = cast("Connection", reader)
            for conversation, mode in self._looks.get(connection.id, {}).items():
                self._say_looking(connection, conversation, mode)

    def _looking_heard(self, said: dict[str, Any]) -> None:
        conversation, connection = UUID(said["conversation"]), UUID(said["connection"])
        sights = self._sights[conversation]
        before = sights.pop(connection, None)
        if before is not None and before.ends is not None:
            before.ends.cancel()
        mode = said["mode"]
        if mode is not None:
            here = said["node"] == self._service.node
            blank = {**said, "mode": None}
            ends = None if here else _later(LIFE_S, self._looking_heard, blank)
            sights[connection] = _Sight(UUID(said["person"]), said["name"], mode, ends)
        if not sights:
            del self._sights[conversation]
        if (before.mode if before else None) != mode:
            self._tell_looking(conversation, UUID(said["person"]))

    def _tell_looking(self, conversation: UUID, changed: UUID) -> None:
        for listener in self._service.hub.listeners(conversation):
            reader = listener.reader
            if listener.party == "staff" and reader.actor.person_id != changed:
                people = self._people(conversation, reader.actor.person_id)
                reader.send(encode(Looking(conversation, people)))

    def _people(self, conversation: UUID, without: UUID) -> list[Looker]:
        """Colleagues by name, each once: whoever answers in one window is answering."""
        found: dict[UUID, Looker] = {}
        for sight in self._sights.get(conversation, {}).values():
            known = found.get(sight.person)
            if sight.person != without and (known is None or known.mode == "viewing"):
                found[sight.person] = Looker(sight.person, sight.name, sight.mode)
        return sorted(found.values(), key=lambda one: (one.name, one.id))


def _now() -> float:
    return asyncio.get_running_loop().time()


def _later(seconds: float, what: Callable[..., None], *args: Any) -> asyncio.TimerHandle:
    return asyncio.get_running_loop().call_later(seconds, what, *args)
