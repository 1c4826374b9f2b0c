"""Which policy counts: the newest one that is switched on, or the one a case was opened under."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.cases.models import CasePolicy
from amparo.cases.policy import Policy, load_shipped

_KEPT: dict[str, Policy] = {}
"""Documents never change under their version, so each is checked once in a process."""


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A version of the policy; no person: it came with the program."""

    version: str
    active_from: datetime
    made_by: UUID | None
    document: Mapping[str, Any]


def policy_now(session: Session, now: datetime) -> Policy:
    """The policy for a case that is opened at ``now``."""
    newest = (
        select(CasePolicy)
        .where(CasePolicy.active_from <= now)
        .order_by(CasePolicy.active_from.desc(), CasePolicy.version.desc())
        .limit(1)
    )
    row = session.scalar(newest)
    return load_shipped() if row is None else _checked(row)


def policy_of(session: Session, version: str) -> Policy:
    """The policy of a case.

    Raises:
        LookupError: no such version was ever stored, nor is it the shipped one.
    """
    if version in _KEPT:
        return _KEPT[version]
    row = session.get(CasePolicy, version)
    if row is not None:
        return _checked(row)
    shipped = load_shipped()
    if shipped.version == version:
        return shipped
    raise LookupError(f"policy {version}")


def policies(session: Session, limit: int = 50) -> Sequence[PolicyVersion]:
    """The versions there were, the newest first."""
    rows = session.scalars(
        select(CasePolicy).order_by(CasePolicy.active_from.desc()).limit(limit)
    ).all()
    return [PolicyVersion(row.version, row.active_from, row.made_by, row.document) for row in rows]


def _checked(row: CasePolicy) -> Policy:
    if row.version not in _KEPT:
        _KEPT[row.version] = Policy.of(row.document)
    return _KEPT[row.version]
