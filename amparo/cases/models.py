"""Tables of cases.

A case's row is what lists need, and ``data``: the case as ``case.Case`` writes it, the truth about
its state. Words and files of people lie apart in ``dispute_entry`` and ``dispute_file``: the audit
chain in ``dispute_step`` holds only their digests, so it can be verified after they were erased.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base, Json
from amparo.storage.outbox import Sendable, due_index

OPEN = text("closed_at IS NULL")


class CaseRow(Base):
    """One case; users read "dispute" where a seller is the other side.

    Attributes:
        number: short, said on the telephone and in mails; unique.
        about_id: the line, or the order where the case is about the whole of it.
        family: cases of different families may be open on one line at the same time.
        order_ref, position, title, image, store_name, buyer_name: as they were at the opening.
        buyer_ref, store_ref: the marketplace's ids of the two sides; no store: all of the order.
        amount: asked for at the opening, changed by what was edited; minor units of ``currency``.
        due_at: the earliest deadline; None only when closed.
        operator_id: who has taken it; ``decided_by``: who made the first decision.
        outcome: a code, when closed. alarm: a person of finance has to look.
        version: transitions so far.
        last_hash: of the newest step, hexadecimal.
        reminded_to: reminders up to this time were sent.
    """

    __tablename__ = "dispute"
    __table_args__ = (
        Index("uq_dispute_open", "about_id", "family", unique=True, postgresql_where=OPEN),
        Index("ix_dispute_due", "due_at", "id", postgresql_where=OPEN),
        Index("ix_dispute_amount", "amount", "id", postgresql_where=OPEN),
        Index("ix_dispute_stage_due", "stage", "due_at", "id", postgresql_where=OPEN),
        Index("ix_dispute_state_due", "state", "due_at", "id", postgresql_where=OPEN),
        Index(
            "ix_dispute_turn_due",
            "turn",
            "due_at",
            "id",
            postgresql_include=["operator_id"],
            postgresql_where=OPEN,
        ),
        Index("ix_dispute_operator_due", "operator_id", "due_at", "id", postgresql_where=OPEN),
        Index("ix_dispute_alarm", "due_at", "id", postgresql_where=text("alarm")),
        Index("ix_dispute_opened", "opened_at", "id"),
        Index("ix_dispute_closed", "closed_at", "id"),
        Index("ix_dispute_buyer", "buyer_ref", "opened_at", "id"),
        Index("ix_dispute_store", "store_ref", "opened_at", "id"),
        Index("ix_dispute_store_due", "store_ref", "due_at", "id", postgresql_where=OPEN),
        Index("ix_dispute_order", "order_id"),
        Index("ix_dispute_parent", "parent_id"),
        Index("ix_dispute_conversation", "conversation_id"),
        UniqueConstraint("number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str]
    order_id: Mapped[UUID]
    line_id: Mapped[UUID | None]
    about_id: Mapped[UUID]
    family: Mapped[str]
    order_ref: Mapped[str]
    position: Mapped[int | None]
    title: Mapped[str]
    image: Mapped[str | None]
    buyer_ref: Mapped[str]
    buyer_id: Mapped[UUID | None]
    buyer_name: Mapped[str | None]
    store_ref: Mapped[str | None]
    store_id: Mapped[UUID | None]
    store_name: Mapped[str | None]
    reason: Mapped[str]
    state: Mapped[str]
    turn: Mapped[str]
    stage: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    due_at: Mapped[datetime | None]
    operator_id: Mapped[UUID | None]
    decided_by: Mapped[UUID | None]
    policy_version: Mapped[str]
    parent_id: Mapped[UUID | None]
    conversation_id: Mapped[UUID | None]
    opened_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    alarm: Mapped[bool]
    country: Mapped[str | None]
    version: Mapped[int]
    data: Mapped[Json]
    last_hash: Mapped[str]
    reminded_to: Mapped[datetime]


Index(
    "ix_dispute_buyer_name",
    func.lower(CaseRow.buyer_name).label("name"),
    postgresql_ops={"name": "text_pattern_ops"},
)


class CaseStep(Base):
    """One transition, and a link of the chain: ``hash`` covers all of it and ``prev_hash``.

    ``no`` counts from 1. ``who_id`` is a person's id, or the provider's or the timer's name.
    """

    __tablename__ = "dispute_step"
    __table_args__ = (PrimaryKeyConstraint("case_id", "no"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("dispute.id"))
    no: Mapped[int]
    at: Mapped[datetime]
    who: Mapped[str]
    who_id: Mapped[str | None]
    event: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    policy_version: Mapped[str]
    data: Mapped[Json]
    prev_hash: Mapped[str]
    hash: Mapped[str]


class CaseEntry(Base):
    """What somebody said or handed in: with a step, or (a note) beside them.

    Attributes:
        party: buyer, seller or staff; kind ``note`` is for staff alone.
        data: the filled fields of the form, by their names.
        digest: SHA-256 of the words, fields and files with ``salt``; the chain has it, too.
        erased_at: words and fields are gone, the digest is not.
    """

    __tablename__ = "dispute_entry"
    __table_args__ = (Index("ix_dispute_entry_case", "case_id", "step_no"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("dispute.id"))
    step_no: Mapped[int | None]
    party: Mapped[str]
    person_id: Mapped[UUID | None]
    kind: Mapped[str]
    text: Mapped[str | None]
    language: Mapped[str | None]
    data: Mapped[Json]
    salt: Mapped[str]
    digest: Mapped[str]
    at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class CaseFile(Base):
    """A picture or another file of evidence; its bytes lie in the files' store under ``id``.

    Attributes:
        sha256: of the bytes as they are kept, hexadecimal; ``source``: as they came.
        type: the kind of evidence, e.g. ``photo``.
        entry_id: what it was handed in with; until then it goes away after a day.
    """

    __tablename__ = "dispute_file"
    __table_args__ = (
        UniqueConstraint("person_id", "client_id"),
        Index("ix_dispute_file_entry", "entry_id"),
        Index("ix_dispute_file_case", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    person_id: Mapped[UUID]
    party: Mapped[str]
    case_id: Mapped[UUID | None]
    entry_id: Mapped[UUID | None]
    type: Mapped[str | None]
    kind: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str | None]
    size: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    source: Mapped[str]
    sha256: Mapped[str | None]
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class CaseAct(Base):
    """An action that was done, under the id its maker gave it: done again, it is answered only."""

    __tablename__ = "dispute_act"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("dispute.id"))
    person_id: Mapped[UUID]
    asked: Mapped[str]
    version: Mapped[int]
    at: Mapped[datetime]


class CaseSeen(Base):
    """How far (transitions) a person has seen a case."""

    __tablename__ = "dispute_seen"
    __table_args__ = (PrimaryKeyConstraint("case_id", "person_id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("dispute.id"))
    person_id: Mapped[UUID]
    version: Mapped[int]


class RefundOrder(Base):
    """Money to be given back: one row, one key, for life, however often it is tried.

    Attributes:
        key: the idempotency key that the provider gets with every attempt.
        state: pending, unknown (asked, no answer: ask before trying again), paid or failed.
        tries: how often the provider was told to pay.
        ref: the provider's own name of the payment.
    """

    __tablename__ = "refund_order"
    __table_args__ = (
        Index("ix_refund_order_order", "order_id"),
        Index("ix_refund_order_case", "case_id"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("dispute.id"))
    order_id: Mapped[UUID]
    line_id: Mapped[UUID | None]
    order_ref: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    state: Mapped[str]
    tries: Mapped[int]
    ref: Mapped[str | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]


class RefundCall(Sendable):
    """One errand to the payment provider: ``pay`` or ``ask`` how a refund stands."""

    __tablename__ = "refund_call"
    __table_args__ = (due_index("refund_call"), Index("ix_refund_call_key", "key"))

    key: Mapped[str] = mapped_column(ForeignKey("refund_order.key"))
    kind: Mapped[str]
    answer: Mapped[str | None]
    answer_ref: Mapped[str | None]


class CaseGrant(Base):
    """Money that a policy gave a buyer by itself; it counts against the buyer's cap."""

    __tablename__ = "dispute_grant"
    __table_args__ = (Index("ix_dispute_grant_buyer", "buyer_ref", "at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("dispute.id"), primary_key=True)
    buyer_ref: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    at: Mapped[datetime]


class CasePolicy(Base):
    """A version of the policy. A case keeps the version under which it was opened."""

    __tablename__ = "case_policy"
    __table_args__ = (Index("ix_case_policy_active", "active_from"),)

    version: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[Json]
    active_from: Mapped[datetime]
    made_by: Mapped[UUID | None]


class Outage(Base):
    """A time in which nothing of this installation ran: deadlines within it move by as much.
    No end: the last process has ended in order, and none has begun since."""

    __tablename__ = "outage"

    began_at: Mapped[datetime] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime | None]
