"""The row of a case that begins."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.cases import audit
from amparo.cases.case import Case, stage_of, turn_of
from amparo.cases.models import CaseRow
from amparo.kernel.errors import Conflict

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that are taken for one another when they are read aloud or written by hand."""


def new_number(session: Session, id: UUID) -> str:
    """A short name of a case that can be said on the telephone."""
    for attempt in range(20):
        digest = hashlib.sha256(f"{id}/{attempt}".encode()).digest()
        letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:8])
        number = f"{letters[:4]}-{letters[4:]}"
        if session.scalar(select(CaseRow.id).where(CaseRow.number == number)) is None:
            return number
    raise RuntimeError("no number is free")


def insert_row(
    session: Session, id: UUID, values: Mapping[str, Any], case: Case, now: datetime
) -> CaseRow:
    """The row of a case that begins, before its first step is stored.

    Raises:
        Conflict: ``request_id_used``: the id is another's, or another case was opened at the same
            moment.
    """
    made = session.scalar(
        insert(CaseRow)
        .values(
            id=id,
            **values,
            family=case.family,
            reason=case.reason,
            state=case.state,
            turn=turn_of(case.state),
            stage=stage_of(case.state),
            amount=0,
            currency=case.currency,
            policy_version=case.policy_version,
            opened_at=case.opened_at,
            entered_at=case.entered_at,
            alarm=False,
            country=case.country or None,
            version=0,
            data=case.data(),
            last_hash=audit.GENESIS,
            reminded_to=now,
        )
        .on_conflict_do_nothing()
        .returning(CaseRow.id)
    )
    if made is None:
        raise Conflict("request_id_used")
    return session.get_one(CaseRow, id, populate_existing=True)
