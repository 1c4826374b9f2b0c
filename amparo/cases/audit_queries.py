"""The chain of a case's steps, looked at again: whether anything was changed afterwards."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.cases import audit, rules
from amparo.cases.case import Case, Transition, Who
from amparo.cases.doors_queries import case_row_for
from amparo.cases.models import CaseEntry, CaseRow
from amparo.cases.policies_queries import policy_of
from amparo.cases.queries import stored_case
from amparo.cases.showing import Stored
from amparo.kernel.actor import Actor


def chain_for(session: Session, actor: Actor, id: UUID) -> tuple[list[audit.Link], audit.Verified]:
    """The chain of a case, and whether it and all that was said are whole.

    Raises:
        NotFound: no such case, or somebody else's.
    """
    row = case_row_for(session, actor, id)
    return links_of(stored_case(session, row)), proved(session, row)


def verified(stored: Stored) -> audit.Verified:
    """Whether the links and the words of a case that was loaded fit together."""
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


def proved(session: Session, row: CaseRow) -> audit.Verified:
    """Whether nobody has changed the audit: every link, the words, the end of the chain, and that
    the steps, done again from nothing, lead to the state that is stored."""
    stored = stored_case(session, row)
    links = links_of(stored)
    found = verified(stored)
    if not found.ok:
        return found
    if not links or links[-1].hash != row.last_hash or len(links) != row.version:
        return audit.Verified(False, len(links), len(links) + 1)
    try:
        again = rules.replay(transitions_of(links), lambda version: policy_of(session, version))
    except rules.ReplayError as error:
        return audit.Verified(False, len(links), error.no)
    same = again.data() == Case.of(row.data).data()
    return audit.Verified(same, len(links), None if same else len(links))


def transitions_of(links: Sequence[audit.Link]) -> list[Transition]:
    """The links as the rules know them: without what belongs to the storing."""
    return [
        Transition(
            no=link.no,
            event=link.event,
            from_state=link.from_state,  # type: ignore[arg-type]  # columns hold nothing else
            to_state=link.to_state,  # type: ignore[arg-type]
            at=link.at,
            who=Who(link.who, link.who_id),  # type: ignore[arg-type]
            data={name: value for name, value in link.data.items() if name != audit.ENTRY},
        )
        for link in links
    ]
