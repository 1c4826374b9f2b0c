"""Lists of conversations for the desk: what a page costs does not grow with their number.

A list is read along one index, in its order. What no index answers is asked of at most
``SCANNED`` rows; a page that is not full then says where to go on.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, text, tuple_
from sqlalchemy.orm import Session, aliased

from amparo.conversations.models import OPEN_CONDITION, RESOLVED_CONDITION, Conversation
from amparo.conversations.queries import ConversationView, views_of
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden
from amparo.storage.pages import Page, decode_place, encode_cursor

SCANNED = 5_000
"""Most rows that one page looks at."""

Bucket = Literal["open", "resolved"]
_CONDITIONS = {"open": OPEN_CONDITION, "resolved": RESOLVED_CONDITION}
_INDEXED: dict[Bucket, tuple[str, ...]] = {
    "open": ("operator",),
    "resolved": ("operator", "topic", "team", "language", "channel"),
}
"""What has an index of its own within the bucket; what tells most comes first."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which conversations; None asks for nothing.

    Attributes:
        operator: whose; ``nobody`` asks for those that nobody has.
    """

    operator: UUID | Literal["nobody"] | None = None
    topic: str | None = None
    team: str | None = None
    language: str | None = None
    channel: str | None = None
    state: str | None = None

    def asked(self) -> dict[str, Any]:
        """What is asked for, by name."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in found.items() if value is not None}


def listed(
    session: Session,
    actor: Actor,
    bucket: Bucket,
    wanted: Filter,
    *,
    newest: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ConversationView]:
    """Open or resolved conversations by their last change, for staff.

    A page may be shorter than ``limit``, even empty, and still have a next one.

    Raises:
        Forbidden: not staff.
        Invalid: the cursor is not one of ours.
    """
    _staff(actor)
    asked = wanted.asked()
    driver = next((name for name in _INDEXED[bucket] if name in asked), None)
    along = _along(bucket, {} if driver is None else {driver: asked.pop(driver)}, newest)
    if cursor:
        place = tuple_(Conversation.updated_at, Conversation.id)
        after = tuple_(*decode_place(cursor))
        along = along.where(place < after if newest else place > after)
    if not asked:
        rows = session.scalars(along.limit(limit + 1)).all()
        return _page(session, actor, rows, limit, None)
    scanned = aliased(Conversation, along.limit(SCANNED).subquery("scanned"))
    query = select(scanned).where(*_conditions(scanned, asked))
    rows = session.scalars(query.order_by(*_order(scanned, newest)).limit(limit + 1)).all()
    further = None
    if len(rows) <= limit:
        end = along.with_only_columns(Conversation.updated_at, Conversation.id)
        last = session.execute(end.offset(SCANNED - 1).limit(1)).one_or_none()
        further = None if last is None else encode_cursor(*last)
    return _page(session, actor, rows, limit, further)


def matching(
    session: Session, actor: Actor, ids: Sequence[UUID], wanted: Filter, buckets: Collection[str]
) -> list[UUID]:
    """Those of ``ids`` that are wanted, in the order given, for staff."""
    _staff(actor)
    query = select(Conversation.id, Conversation.state).where(
        Conversation.id == func.any(list(ids)), *_conditions(Conversation, wanted.asked())
    )
    found = {row.id for row in session.execute(query) if _bucket(row.state) in buckets}
    return [id for id in ids if id in found]


def channels_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The channel of each conversation."""
    rows = session.execute(
        select(Conversation.id, Conversation.channel).where(Conversation.id == func.any(list(ids)))
    )
    return {row.id: row.channel for row in rows}


def changed_at(session: Session, ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each conversation changed last, as its lists are ordered."""
    rows = session.execute(
        select(Conversation.id, Conversation.updated_at).where(
            Conversation.id == func.any(list(ids))
        )
    )
    return {row.id: row.updated_at for row in rows}


def open_by_operator(session: Session) -> dict[UUID | None, int]:
    """How many open conversations each operator has; None: nobody's."""
    rows = session.execute(
        select(Conversation.operator_id, func.count())
        .where(text(OPEN_CONDITION))
        .group_by(Conversation.operator_id)
    )
    return {row[0]: row[1] for row in rows}


def _along(bucket: Bucket, driver: dict[str, Any], newest: bool) -> Select[Conversation]:
    # As it stands in the index: a planner that does not know the values can see that it fits.
    query = select(Conversation).where(text(_CONDITIONS[bucket]))
    return query.where(*_conditions(Conversation, driver)).order_by(*_order(Conversation, newest))


def _conditions(of: Any, asked: dict[str, Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name, value in asked.items():
        column = of.operator_id if name == "operator" else getattr(of, name)
        found.append(column.is_(None) if value == "nobody" else column == value)
    return found


def _order(of: Any, newest: bool) -> tuple[ColumnElement[Any], ...]:
    columns = (of.updated_at, of.id)
    return tuple(column.desc() for column in columns) if newest else columns


def _page(
    session: Session,
    actor: Actor,
    rows: Sequence[Conversation],
    limit: int,
    further: str | None,
) -> Page[ConversationView]:
    if len(rows) > limit:
        last = rows[limit - 1]
        further = encode_cursor(last.updated_at, last.id)
    return Page(views_of(session, actor, rows[:limit]), further)


def _bucket(state: str) -> str:
    return state if state in ("resolved", "bot") else "open"


def _staff(actor: Actor) -> None:
    if not actor.is_staff:
        raise Forbidden()
