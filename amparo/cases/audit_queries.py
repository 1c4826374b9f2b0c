"""The chain of a case's steps, looked at again: whether anything was changed afterwards."""

from uuid import UUID

from sqlalchemy.orm import Session

from amparo.cases import audit
from amparo.cases.doors_queries import case_row_for
from amparo.cases.models import CaseEntry
from amparo.cases.queries import stored_case
from amparo.cases.showing import Stored
from amparo.cases.views import CaseVerification
from amparo.kernel.actor import Actor


def verify_case(session: Session, actor: Actor, id: UUID) -> CaseVerification:
    """Whether the chain of the case's steps and all that was said is whole.

    Raises:
        NotFound: no such case, or somebody else's.
    """
    stored = stored_case(session, case_row_for(session, actor, id))
    found = verified(stored)
    return CaseVerification(found.ok, found.steps, found.broken_at)


def verified(stored: Stored) -> audit.Verified:
    """The same for a case that was loaded."""
    return audit.verify(links_of(stored), [_words(one, stored) for one in stored.entries])


def links_of(stored: Stored) -> list[audit.Link]:
    """The steps as links of the chain."""
    return [
        audit.Link(
            case_id=step.case_id,
            no=step.no,
            at=step.at,
            who=step.who,
            who_id=step.who_id,
            event=step.event,
            from_state=step.from_state,
            to_state=step.to_state,
            policy_version=step.policy_version,
            data=step.data,
            prev_hash=step.prev_hash,
            hash=step.hash,
        )
        for step in stored.steps
    ]


def _words(entry: CaseEntry, stored: Stored) -> audit.Words:
    return audit.Words(
        step_no=entry.step_no,
        text=entry.text,
        data=entry.data,
        files=[file.sha256 or "" for file in stored.files.get(entry.id, ())],
        salt=entry.salt,
        digest=entry.digest,
        erased=entry.erased_at is not None,
    )
