"""The frames of the live socket: JSON text, told apart by ``type``.

What a client may send is one union, what the server sends another; both are exported into the
OpenAPI schema, so that the front ends are typed by the same definitions.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec


class OpeningFrame(msgspec.Struct, forbid_unknown_fields=True):
    """How a new conversation begins (the same as in REST)."""

    channel: Literal["chat"] = "chat"
    site: str | None = None
    language: str = "en"
    topic: str | None = None
    question: str | None = None
    order_ref: str | None = None
    page: str | None = None


class Auth(msgspec.Struct, tag="auth"):
    """First frame: a bearer token (panel), or the CSRF token beside the cookie (staff)."""

    token: str | None = None
    csrf: str | None = None


class Subscribe(msgspec.Struct, tag="subscribe"):
    """Send this conversation's events after a number, and go on sending."""

    conversation: UUID
    after: int = 0


class Unsubscribe(msgspec.Struct, tag="unsubscribe"):
    """No more of this conversation."""

    conversation: UUID


class Post(msgspec.Struct, tag="post"):
    """Say something; ``client_id`` makes saying it again harmless."""

    conversation: UUID
    client_id: UUID
    body: str
    note: bool = False
    question: str | None = None
    open: OpeningFrame | None = None
    files: Annotated[list[UUID], msgspec.Meta(max_length=16)] = []
    quote: UUID | None = None
    """The message that this one answers."""
    after: int | None = None
    """Staff: the last number this reply knows of; a newer answer of a colleague refuses it."""
    mentions: Annotated[list[UUID], msgspec.Meta(max_length=20)] = []


class Typing(msgspec.Struct, tag="typing"):
    """I am writing in this conversation, or I have stopped; said again every few seconds.

    The other sides are told: whoever writes a note says nothing.
    """

    conversation: UUID
    on: bool


class Seen(msgspec.Struct, tag="seen"):
    """Everything up to this number of my stream was delivered here, or read."""

    conversation: UUID
    seq: int
    read: bool = False


class Look(msgspec.Struct, tag="look"):
    """Staff: I have this conversation before me, am writing an answer, or have left it."""

    conversation: UUID
    mode: Literal["viewing", "replying"] | None


class Watch(msgspec.Struct, tag="watch"):
    """Staff: tell me when the desk's lists change."""


class Ping(msgspec.Struct, tag="ping"):
    """Are you there?"""


ClientFrame = Auth | Subscribe | Unsubscribe | Post | Typing | Seen | Look | Watch | Ping


class PersonFrame(msgspec.Struct):
    id: UUID
    role: str
    name: str
    language: str


class Ready(msgspec.Struct, tag="ready"):
    """You are known; speak."""

    person: PersonFrame
    at: datetime


class Event(msgspec.Struct, tag="event"):
    """A numbered event of the reader's own stream."""

    conversation: UUID
    seq: int
    kind: str
    at: datetime
    data: dict[str, Any]


class CaughtUp(msgspec.Struct, tag="caught_up"):
    """Everything up to this number has been sent; from here on it is live."""

    conversation: UUID
    seq: int


class Ack(msgspec.Struct, tag="ack"):
    """The message is durable."""

    client_id: UUID
    conversation: UUID
    message_id: UUID
    seq: int
    at: datetime


class ProblemFrame(msgspec.Struct, tag="problem"):
    """A refusal, in the reader's language (RFC 9457 members)."""

    code: str
    title: str
    detail: str
    status: int
    client_id: UUID | None = None
    conversation: UUID | None = None
    params: dict[str, Any] = {}


class Position(msgspec.Struct, tag="position"):
    """The exact place in the queue; null where the conversation does not wait.

    ``wait_low_s`` and ``wait_high_s``: the honest range of the wait, null without history.
    """

    conversation: UUID
    position: int | None
    reason: str | None = None
    wait_low_s: int | None = None
    wait_high_s: int | None = None


class SomebodyTyping(msgspec.Struct, tag="typing"):
    """Somebody of another side is writing, or has stopped."""

    conversation: UUID
    party: Literal["buyer", "seller", "staff"]
    name: str
    on: bool


class Looker(msgspec.Struct):
    id: UUID
    name: str
    mode: Literal["viewing", "replying"]


class Looking(msgspec.Struct, tag="looking"):
    """Staff: which colleagues have this conversation before them, the reader left out."""

    conversation: UUID
    people: list[Looker]


class DeskCounts(msgspec.Struct):
    """How many wait, are the reader's own, and are open at all."""

    waiting: int
    mine: int
    all_open: int
    mentions: int = 0
    due: int = 0


class Desk(msgspec.Struct, tag="desk"):
    """The desk's lists have changed: fetch them."""

    counts: DeskCounts


class Pong(msgspec.Struct, tag="pong"):
    """I am here."""


ServerFrame = (
    Ready
    | Event
    | CaughtUp
    | Ack
    | ProblemFrame
    | Position
    | SomebodyTyping
    | Looking
    | Desk
    | Pong
)

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[ClientFrame] = msgspec.json.Decoder(ClientFrame)

MALFORMED = 4400
NOT_SIGNED_IN = 4401
WRONG_ORIGIN = 4403
TOO_SLOW = 4408
TOO_MANY = 4429
GOING_AWAY = 1012
INTERNAL = 1011


def encode(frame: ServerFrame) -> bytes:
    """A frame as text in UTF-8."""
    return _encoder.encode(frame)


PONG = encode(Pong())


def decode(text: bytes) -> ClientFrame:
    """Read a client's frame.

    Raises:
        msgspec.DecodeError: not JSON, or no frame of ours (also when a field is wrong).
    """
    return _decoder.decode(text)


def json_schema() -> dict[str, Any]:
    """Both unions as JSON Schema, for the published OpenAPI document."""
    (client, server), components = msgspec.json.schema_components(
        [ClientFrame, ServerFrame], ref_template="#/components/schemas/{name}"
    )
    return {**components, "LiveClientFrame": client, "LiveServerFrame": server}
