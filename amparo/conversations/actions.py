"""The verbs of conversations. Each stores data and event in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import delete, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.conversations import files_actions, rules
from amparo.conversations.events import ASSIGNED, JOINED, MESSAGE_POSTED, OPENED, STATE_CHANGED
from amparo.conversations.models import Attachment, Conversation
from amparo.conversations.posting import (
    Before,
    First,
    Fresh,
    Stored,
    accept,
    known_before,
    row_of,
    same_again,
)
from amparo.conversations.referring_queries import (
    References,
    references_of,
    tell_answers,
    with_references,
)
from amparo.conversations.rules import Draft, Head, Verb
from amparo.conversations.streams import Entry, append, locked_heads
from amparo.guard.rules import check
from amparo.guard.verdict import Decision
from amparo.kernel.actor import Actor, Party
from amparo.kernel.clock import iso
from amparo.kernel.errors import Conflict, NotFound, Problem
from amparo.marketplace.queries import order_id_for
from amparo.storage.events import NewEvent, record_many
from amparo.storage.session import hint

Outcome = Stored | Problem
PersonName = dict[str, str]
"""How a person is named in a stream: ``{"id": .., "name": ..}``."""


def post_messages(session: Session, drafts: Sequence[Draft], now: datetime) -> list[Outcome]:
    """Store messages, each with its event and numbers; one answer for each draft, in order.

    A refused draft is answered with its Problem and does not touch the others. A draft whose
    ``client_id`` its author has used before gets the first result again. The number of SQL
    statements does not depend on the number of drafts, but for openings that name an order.

    Raises:
        Conflict: ``client_id_used`` in a transaction at the same moment; nothing was stored.
    """
    opened, refused = _open_new(session, drafts, now)
    heads, before = known_before(session, drafts, now)
    files = files_actions.files_of_drafts(session, drafts)
    known = references_of(session, drafts)
    accepted: dict[tuple[UUID, UUID], Fresh] = {}
    answers: list[Problem | Stored | Fresh] = []
    for draft in drafts:
        try:
            if id(draft) in refused:
                raise refused[id(draft)]
            answers.append(_take_in(draft, heads, before, accepted, files, known, now))
        except Problem as problem:
            answers.append(problem)
    tell_answers(
        session,
        [answer for answer in answers if isinstance(answer, Problem)],
        {one.id: one.body for one in accepted.values()},
    )
    _settle_opened(session, opened, {one.draft.conversation_id for one in accepted.values()}, now)
    fresh = list(accepted.values())
    try:
        append(session, [one.entry for one in fresh], now, [row_of(one) for one in fresh])
    except UniqueViolation as error:  # our own conversations are locked: it was in another one
        raise Conflict("client_id_used") from error
    return [answer.result() if isinstance(answer, Fresh) else answer for answer in answers]


def _take_in(
    draft: Draft,
    heads: dict[UUID, Head],
    before: Before,
    accepted: dict[tuple[UUID, UUID], Fresh],
    files: Mapping[UUID, Attachment],
    known: References,
    now: datetime,
) -> Stored | Fresh:
    head = _entered(draft.actor, heads.get(draft.conversation_id))
    key = (draft.actor.person_id, draft.client_id)
    if key in before.repeats:
        return same_again(draft, before.repeats[key])
    if key in accepted:  # twice in one batch
        twin = accepted[key]
        stored = Stored(twin.draft.conversation_id, draft.client_id, twin.id, 0, now, repeated=True)
        same_again(draft, First(stored, twin.body, twin.draft.kind, twin.draft.extra))
        return twin
    rules.check_not_blocked(draft, before.blocked, now)
    rules.check_kind(draft)
    rules.check_name("question", draft.question)
    rules.check_not_merged(draft, head)
    if rules.must_start_anew(head, now):
        raise Conflict("conversation_closed")
    body = rules.checked_body(draft, head.state, head.channel)
    rules.check_not_answered(draft, head)
    draft = with_references(draft, head, known)
    draft = _with_pictures(draft, head, files)
    verdict = check(body, party_from=draft.actor.party, party_to=other_side(draft.actor, head))
    if verdict.decision is Decision.MASK:
        body = verdict.masked_text
    findings = [f"{finding.kind}:{finding.rule}" for finding in verdict.findings]
    message = accept(draft, head, body, findings, MESSAGE_POSTED, now)
    accepted[key] = message
    files_actions.give_to_message(files, draft, message.id, message.entry.audience)
    return message


def _with_pictures(draft: Draft, head: Head, files: Mapping[UUID, Attachment]) -> Draft:
    """The draft with what its message will show; a picture's name is a text like any other."""
    if not draft.files:
        return draft

    def may_be_read(name: str) -> bool:
        sides = {"party_from": draft.actor.party, "party_to": other_side(draft.actor, head)}
        return check(name, **sides).decision is Decision.DELIVER

    pictures = files_actions.shown_in(draft, files, may_be_read)
    return replace(draft, extra={**draft.extra, "files": pictures})


def other_side(actor: Actor, head: Head) -> Party:
    """Whom a text is for: the guard masks only what goes between buyer and seller."""
    if "seller" in rules.PARTIES_OF[head.channel]:
        return "seller" if actor.party == "buyer" else "buyer"
    return "buyer" if actor.is_staff else "staff"


def _entered(actor: Actor, head: Head | None) -> Head:
    """Through the one door, or NotFound: missing and forbidden look the same."""
    if head is None or not rules.may_enter(actor, head):
        raise NotFound()
    return head


def _open_new(
    session: Session, drafts: Sequence[Draft], now: datetime
) -> tuple[list[dict[str, Any]], dict[int, Problem]]:
    """Open the conversations that begin with these drafts; those that exist stay as they are.

    Returns:
        the rows that are new, and the refusals by ``id`` of their draft.
    """
    refused: dict[int, Problem] = {}
    rows: dict[UUID, dict[str, Any]] = {}
    for draft in drafts:
        if draft.opening is None:
            continue
        try:
            rows.setdefault(draft.conversation_id, _new_row(session, draft, now))
        except Problem as problem:
            refused[id(draft)] = problem
    if not rows:
        return [], refused
    opened = session.scalars(
        insert(Conversation)
        .values([rows[id] for id in sorted(rows)])  # in one order, as the locks are taken
        .on_conflict_do_nothing()
        .returning(Conversation.id)
    ).all()
    return [rows[id] for id in opened], refused


def _settle_opened(
    session: Session, opened: list[dict[str, Any]], spoken: set[UUID], now: datetime
) -> None:
    """Tell of the new conversations; one whose first message was refused never was."""
    empty = [row["id"] for row in opened if row["id"] not in spoken]
    if empty:
        session.execute(delete(Conversation).where(Conversation.id.in_(empty)))
    record_many(session, [_opened(row) for row in opened if row["id"] in spoken], now=now)


def _new_row(session: Session, draft: Draft, now: datetime) -> dict[str, Any]:
    """The row of a new conversation; everything that could refuse it is asked before."""
    opening = draft.opening
    assert opening is not None
    rules.check_open(opening, draft.actor)
    rules.check_kind(draft)
    rules.checked_body(draft, "bot", opening.channel)
    if opening.order_ref is not None:
        order_id_for(session, draft.actor, opening.order_ref)
    return {
        "id": draft.conversation_id,
        "channel": opening.channel,
        "state": "bot",
        "language": opening.language,
        "site_key": draft.actor.site_key or opening.site_key,
        "buyer_id": draft.actor.person_id,
        "order_ref": opening.order_ref,
        "topic": opening.topic,
        "question": opening.question,
        "page": rules.shown_page(opening.page),
        "continues_id": opening.continues_id,
        "created_at": now,
        "updated_at": now,
    }


def _opened(row: dict[str, Any]) -> NewEvent:
    keys = ("channel", "language", "site_key", "order_ref", "topic", "question")
    data = {"conversation": str(row["id"]), "buyer_id": str(row["buyer_id"])}
    return NewEvent(OPENED, data | {key: row[key] for key in keys}, row["id"])


def head_for(session: Session, actor: Actor, conversation_id: UUID) -> Head:
    """Lock one conversation for a verb.

    Raises:
        NotFound: missing, or not the actor's to enter.
    """
    return _entered(actor, locked_heads(session, [conversation_id]).get(conversation_id))


def heads_for(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Head]:
    """Lock several for a verb, in the one order; those that are not the actor's are left out."""
    found = locked_heads(session, ids)
    return {id: head for id, head in found.items() if rules.may_enter(actor, head)}


def change_state(
    session: Session,
    head: Head,
    verb: Verb,
    now: datetime,
    *,
    reason: str | None = None,
    operator: PersonName | None = None,
    until: datetime | None = None,
) -> None:
    """Take a locked conversation to the state that follows ``verb`` and tell its parties.

    Args:
        until: when a snoozed one comes back by itself.

    Raises:
        Conflict: it is not in a state where that can be done.
    """
    before = head.state
    head.state = rules.next_state(before, verb)
    head.resolved_at = now if head.state == "resolved" else None
    if verb in ("release", "reopen"):
        head.operator_id = None
    if verb in ("assign", "transfer") and operator is not None:
        head.operator_id = UUID(operator["id"])
    data = {"from": before, "to": head.state, "reason": reason, "operator": operator}
    data["until"] = iso(until) if until is not None else None
    audience = rules.PARTIES_OF[head.channel]
    entries = [Entry.of(head, STATE_CHANGED, data, audience)]
    if verb in ("assign", "release", "transfer"):
        entries.append(Entry.of(head, ASSIGNED, {"operator": operator}, audience))
    append(session, entries, now)


def tell_staff(
    session: Session, head: Head, kind: str, data: dict[str, Any], now: datetime
) -> None:
    """Put an event of a locked conversation into the stream of staff only."""
    append(session, [Entry.of(head, kind, data, ("staff",))], now)


def set_subject(
    session: Session, head: Head, *, topic: str | None = None, language: str | None = None
) -> None:
    """Note what a conversation is about, or in which language it goes on."""
    if topic is None and language is None:
        return
    rules.check_name("topic", topic)
    head.topic, head.language = topic or head.topic, language or head.language
    session.execute(
        update(Conversation)
        .where(Conversation.id == head.id)
        .values(topic=head.topic, language=head.language)
    )


_MESSAGES_FOLLOW = text(
    "UPDATE message m SET author_id = :new WHERE m.author_id = :old"
    " AND m.conversation_id = ANY(CAST(:ids AS uuid[])) AND NOT EXISTS (SELECT 1 FROM message k"
    " WHERE k.author_id = :new AND k.client_id = m.client_id)"
)
"""A message is known by author and ``client_id``. Only who makes ids that are not unique has the
buyer's one twice; that message stays the visitor's."""


def join_visitor(session: Session, buyer: Actor, visitor_id: UUID, now: datetime) -> list[UUID]:
    """Give a visitor's conversations to the buyer that the visitor turned out to be.

    The caller has proved both identities; returns the ids of the conversations that moved.
    """
    ids = session.scalars(
        text("SELECT id FROM conversation WHERE buyer_id = :visitor").bindparams(visitor=visitor_id)
    ).all()
    heads = {
        id: head
        for id, head in locked_heads(session, ids).items()
        if head.buyer_id == visitor_id  # still: another buyer may have been faster
    }
    entries: list[Entry] = []
    for head in heads.values():
        head.buyer_id = buyer.person_id
        name = {"id": str(buyer.person_id), "name": buyer.name}
        entries.append(Entry.of(head, JOINED, {"buyer": name}, rules.PARTIES_OF[head.channel]))
    session.execute(
        update(Conversation).where(Conversation.id.in_(heads)).values(buyer_id=buyer.person_id)
    )
    append(session, entries, now)
    # What the visitor's browser has not heard an answer to is sent again, by the buyer now.
    session.execute(
        _MESSAGES_FOLLOW, {"ids": list(heads), "old": visitor_id, "new": buyer.person_id}
    )
    files_actions.follow_owner(session, list(heads), visitor_id, buyer.person_id)
    if heads:
        hint(session, f"person:{visitor_id}")
    return list(heads)
