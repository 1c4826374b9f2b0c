"""Switching a policy on. What was opened before stays under its own version."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.cases.models import CasePolicy
from amparo.cases.policies_queries import policy_of
from amparo.cases.policy import Policy, load_shipped
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Forbidden, Invalid

_LONGEST = 200_000


def load_shipped_policy(session: Session, now: datetime) -> None:
    """The policy that comes with the program; never over anybody's, and a version only once."""
    shipped = load_shipped()
    session.execute(
        insert(CasePolicy)
        .values(version=shipped.version, document=dict(shipped.document), active_from=now)
        .on_conflict_do_nothing()
    )


def switch_policy(
    session: Session, actor: Actor, document: Mapping[str, Any], now: datetime
) -> Policy:
    """New cases are opened under this document from now on; the same document again is the same.

    Raises:
        Forbidden: the actor is no administrator.
        Invalid: ``policy_unreadable`` with ``where`` and ``why``.
        Conflict: ``case_policy_known``: this version says something else already.
    """
    if not actor.is_administrator:
        raise Forbidden()
    if len(json.dumps(document, default=str)) > _LONGEST:
        raise Invalid("policy_unreadable", where="document", why=f"longer than {_LONGEST}")
    policy = Policy.of(document)
    made = session.scalar(
        insert(CasePolicy)
        .values(
            version=policy.version,
            document=dict(document),
            active_from=now,
            made_by=actor.person_id,
        )
        .on_conflict_do_nothing()
        .returning(CasePolicy.version)
    )
    if made is None and policy_of(session, policy.version).document != policy.document:
        raise Conflict("case_policy_known", version=policy.version)
    return policy
