"""Lists of cases: one's own, a store's, and the work lists of the desk; pages of fixed cost.

Each list is read along one index of ``dispute``, from the place where the last page ended. Open
cases come by their deadline, or by amount, or the newest first; closed ones the latest first.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, load_only

from amparo.accounts.queries import names_of
from amparo.cases import texts
from amparo.cases.doors_queries import visible
from amparo.cases.list_views import CaseCounts, CasePage, CaseRowOut, DeskCasePage
from amparo.cases.models import CaseRow, CaseSeen
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, Invalid, NotFound
from amparo.kernel.money import Money
from amparo.kernel.text import clean
from amparo.marketplace.queries import order_id_for
from amparo.storage.pages import LIMIT, iso_exact

OwnOrder = Literal["due", "newest"]
DeskList = Literal["due", "mine", "unassigned", "appeals", "alarms", "all", "closed"]
DeskOrder = Literal["due", "amount", "newest"]
COUNTED = 1000
"""Counts end here: a desk that shows 1000 and more need not know how many."""
_LATE = datetime(9999, 1, 1, tzinfo=UTC)
_COLUMNS = (
    CaseRow.id,
    CaseRow.number,
    CaseRow.order_ref,
    CaseRow.title,
    CaseRow.image,
    CaseRow.reason,
    CaseRow.state,
    CaseRow.stage,
    CaseRow.turn,
    CaseRow.due_at,
    CaseRow.amount,
    CaseRow.currency,
    CaseRow.opened_at,
    CaseRow.closed_at,
    CaseRow.outcome,
    CaseRow.buyer_name,
    CaseRow.store_name,
    CaseRow.operator_id,
    CaseRow.alarm,
    CaseRow.version,
)


@dataclass(frozen=True, slots=True)
class OwnAsked:
    """What a buyer or seller asks for. ``state`` None: the open ones first, then the closed."""

    state: Literal["open", "closed"] | None = None
    order: str | None = None
    order_by: OwnOrder = "due"
    cursor: str | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class DeskAsked:
    """What an operator asks for; ``q`` is a number, an order, a buyer or a store.

    ``buyer`` is the marketplace's own name of one, as it is: only their cases.
    """

    list: DeskList = "due"
    order_by: DeskOrder = "due"
    reason: str | None = None
    stage: str | None = None
    buyer: str | None = None
    q: str | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class _Way:
    """An order of rows: its columns, which end comes first, and how to write a place down."""

    name: str
    key: InstrumentedAttribute[Any]
    falling: bool


_DUE = _Way("d", CaseRow.due_at, False)
_AMOUNT = _Way("a", CaseRow.amount, True)
_OPENED = _Way("o", CaseRow.opened_at, True)
_CLOSED = _Way("c", CaseRow.closed_at, True)
_WAYS = {"due": _DUE, "amount": _AMOUNT, "newest": _OPENED}


def cases_for(session: Session, actor: Actor, asked: OwnAsked, language: str) -> CasePage:
    """The cases that ``actor`` may see.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    conditions = [visible(actor)]
    if asked.order is not None:
        conditions.append(_of_order(session, actor, asked.order))
    limit = max(1, min(asked.limit, LIMIT))
    found: list[CaseRow] = []
    after: str | None = asked.cursor
    for part in _parts(asked):
        if after is not None and not _is_of(after, part[0]):
            continue
        more = _read(session, [*conditions, part[1]], part[0], after, limit + 1 - len(found))
        after = None
        found += more
        if len(found) > limit:
            break
    rows = _shown(session, actor, found[:limit], language)
    return CasePage(rows, _after(found, limit, _parts(asked)))


def desk_cases(session: Session, actor: Actor, asked: DeskAsked, language: str) -> DeskCasePage:
    """A work list of the desk.

    Raises:
        Forbidden: not staff.
        Invalid: the cursor is not one of ours.
    """
    if not actor.is_staff:
        raise Forbidden()
    conditions = [_of_list(actor, asked.list)]
    if asked.reason:
        conditions.append(CaseRow.reason == asked.reason)
    if asked.stage:
        conditions.append(CaseRow.stage == asked.stage)
    if asked.buyer is not None:
        conditions.append(CaseRow.buyer_ref == clean(asked.buyer))
    if asked.q and asked.q.strip():
        conditions.append(_sought(session, actor, asked.q))
    way = _WAYS[asked.order_by]
    if asked.list == "closed":  # what is over is read along the time of its end, always
        way = _CLOSED
    limit = max(1, min(asked.limit, LIMIT))
    if asked.cursor is not None and not _is_of(asked.cursor, way):
        raise Invalid("cursor_unreadable")
    found = _read(session, conditions, way, asked.cursor, limit + 1)
    rows = _shown(session, actor, found[:limit], language)
    after = _place(found[limit - 1], way) if len(found) > limit else None
    return DeskCasePage(rows, after, counts(session, actor))


def counts(session: Session, actor: Actor) -> CaseCounts:
    """How many open cases each list holds, up to ``COUNTED``. Raises Forbidden but for staff."""
    if not actor.is_staff:
        raise Forbidden()
    lists: tuple[DeskList, ...] = ("due", "mine", "unassigned", "appeals", "alarms")
    numbers = [
        select(func.count())
        .select_from(select(CaseRow.id).where(_of_list(actor, name)).limit(COUNTED).subquery())
        .scalar_subquery()
        for name in lists
    ]
    return CaseCounts(*session.execute(select(*numbers)).one())


def load_of(session: Session, operator: UUID) -> int:
    """How many open cases an operator has."""
    query = select(func.count()).where(CaseRow.operator_id == operator, CaseRow.closed_at.is_(None))
    return session.scalar(query) or 0


def _of_list(actor: Actor, name: DeskList) -> ColumnElement[bool]:
    is_open = CaseRow.closed_at.is_(None)
    match name:
        case "due":
            return and_(is_open, CaseRow.turn == "platform")
        case "mine":
            return and_(is_open, CaseRow.operator_id == actor.person_id)
        case "unassigned":
            return and_(is_open, CaseRow.turn == "platform", CaseRow.operator_id.is_(None))
        case "appeals":
            return and_(is_open, CaseRow.state == "appeal")
        case "alarms":
            return and_(is_open, CaseRow.alarm)  # as the index of alarms is written
        case "closed":
            return CaseRow.closed_at.is_not(None)
    return is_open


def _of_order(session: Session, actor: Actor, ref: str) -> ColumnElement[bool]:
    try:
        return CaseRow.order_id == order_id_for(session, actor, ref)
    except NotFound:
        return false()


def _sought(session: Session, actor: Actor, q: str) -> ColumnElement[bool]:
    """A number, an order, a buyer or a store by their exact names, or a buyer's first letters."""
    word = clean(q).strip()
    if not word:
        return false()
    begins = func.lower(CaseRow.buyer_name).startswith(word.lower(), autoescape=True)
    return or_(
        CaseRow.number == word.upper(),
        _of_order(session, actor, word),
        CaseRow.buyer_ref == word,
        CaseRow.store_ref == word,
        begins,
    )


def _parts(asked: OwnAsked) -> list[tuple[_Way, ColumnElement[bool]]]:
    way = _WAYS[asked.order_by]
    parts: list[tuple[_Way, ColumnElement[bool]]] = []
    if asked.state != "closed":
        parts.append((way, CaseRow.closed_at.is_(None)))
    if asked.state != "open":
        parts.append((_CLOSED, CaseRow.closed_at.is_not(None)))
    return parts


def _read(
    session: Session,
    conditions: list[ColumnElement[bool]],
    way: _Way,
    cursor: str | None,
    limit: int,
) -> list[CaseRow]:
    query: Select[CaseRow] = select(CaseRow).where(*conditions).options(load_only(*_COLUMNS))
    order = (way.key.desc(), CaseRow.id.desc()) if way.falling else (way.key, CaseRow.id)
    if cursor is not None:
        here, place = tuple_(way.key, CaseRow.id), _decoded(cursor, way)
        query = query.where(here < place if way.falling else here > place)
    query = query.order_by(*order).limit(limit)
    return list(session.scalars(query, execution_options={"populate_existing": True}))


def _after(found: list[CaseRow], limit: int, parts: list[Any]) -> str | None:
    if len(found) <= limit:
        return None
    last = found[limit - 1]
    way = _CLOSED if last.closed_at is not None else parts[0][0]
    return _place(last, way)


def _place(row: CaseRow, way: _Way) -> str:
    value = getattr(row, way.key.key)
    told = iso_exact(value) if isinstance(value, datetime) else value
    raw = json.dumps([way.name, told, str(row.id)]).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _is_of(cursor: str, way: _Way) -> bool:
    return _opened(cursor)[0] == way.name


def _decoded(cursor: str, way: _Way) -> tuple[Any, UUID]:
    _, value, id = _opened(cursor)
    try:
        if way is _AMOUNT:
            if not isinstance(value, int) or abs(value) > 10**16:
                raise ValueError
            return value, UUID(id)
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment, UUID(id)
    except (ValueError, TypeError, AttributeError):
        raise Invalid("cursor_unreadable") from None


def _opened(cursor: str) -> tuple[str, Any, str]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        name, value, id = json.loads(raw)
        if name not in ("d", "a", "o", "c"):
            raise ValueError
        return name, value, id
    except (ValueError, TypeError, binascii.Error):
        raise Invalid("cursor_unreadable") from None


def _shown(session: Session, actor: Actor, rows: list[CaseRow], language: str) -> list[CaseRowOut]:
    operators = names_of(session, {row.operator_id for row in rows if row.operator_id})
    seen = _seen(session, actor, [row.id for row in rows])
    return [_row(row, actor, operators, seen.get(row.id, 0), language) for row in rows]


def _seen(session: Session, actor: Actor, ids: list[UUID]) -> dict[UUID, int]:
    query = select(CaseSeen.case_id, CaseSeen.version).where(
        CaseSeen.person_id == actor.person_id, CaseSeen.case_id.in_(ids)
    )
    return {row.case_id: row.version for row in session.execute(query)} if ids else {}


def _row(
    row: CaseRow, actor: Actor, operators: dict[UUID, str], seen: int, language: str
) -> CaseRowOut:
    viewer = actor.party
    operator = None
    if row.operator_id is not None:
        name = operators.get(row.operator_id, "")
        operator = texts.operator(row.operator_id, name, viewer)
    return CaseRowOut(
        id=row.id,
        number=row.number,
        order=row.order_ref,
        title=row.title,
        image=row.image,
        reason=row.reason,
        reason_label=texts.reason(row.reason, language),
        state=row.state,
        stage=row.stage,  # type: ignore[arg-type]
        state_label=texts.state(row.state, language),
        turn=row.turn,  # type: ignore[arg-type]
        yours=texts.is_yours(row.turn, viewer),
        due_at=row.due_at,
        amount=Money(row.amount, row.currency) if row.amount else None,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outcome_label=texts.outcome(row.outcome, language) if row.outcome else None,
        buyer_name=row.buyer_name if viewer != "buyer" else None,
        store_name=row.store_name,
        operator=operator,
        alarm=row.alarm and viewer == "staff",
        unread=row.version > seen,
    )
