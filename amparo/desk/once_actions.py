"""A request of an operator is done once: sent again, it gets the first answer."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.desk.models import DeskRequest
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict

_REMEMBER = timedelta(days=30)


def first_answer(
    session: Session, operator: Actor, request_id: UUID, asked: Mapping[str, Any], now: datetime
) -> dict[str, Any] | None:
    """The first answer of a request that was done; None where it is to be done now.

    A twin that runs at the same moment waits here for the other's end.

    Raises:
        Conflict: ``request_id_used``: the same id for something else.
    """
    mine = DeskRequest.operator_id == operator.person_id
    session.execute(delete(DeskRequest).where(mine, DeskRequest.at < now - _REMEMBER))
    key = {"operator_id": operator.person_id, "request_id": request_id}
    digest = _digest(asked)
    first = session.execute(
        insert(DeskRequest)
        .values(**key, asked=digest, answer=None, at=now)
        .on_conflict_do_nothing()
        .returning(DeskRequest.request_id)
    ).one_or_none()
    if first is not None:
        return None
    row = session.get_one(DeskRequest, (operator.person_id, request_id), populate_existing=True)
    if row.asked != digest:
        raise Conflict("request_id_used")
    return row.answer or {}


def finish(session: Session, operator: Actor, request_id: UUID, answer: dict[str, Any]) -> None:
    """Keep what the request is answered."""
    row = session.get_one(DeskRequest, (operator.person_id, request_id))
    row.answer = answer


def _digest(asked: Mapping[str, Any]) -> str:
    written = json.dumps(asked, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:32]
