"""A small marketplace with cases: orders, people, what they do, and a provider that misbehaves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.accounts.models import Person, StaffCredential
from amparo.cases.actions import Act, act
from amparo.cases.deadlines_actions import deadline_due, reminder_due
from amparo.cases.evidence_actions import finish, reserve
from amparo.cases.models import CaseRow, CaseStep, RefundOrder
from amparo.cases.opening_actions import Ask, open_case
from amparo.cases.payments import Refund, Reply
from amparo.cases.policies_actions import load_shipped_policy
from amparo.cases.steps_actions import CASE_DEADLINE, CASE_REMINDER
from amparo.kernel.actor import Actor
from amparo.kernel.clock import iso
from amparo.kernel.ids import derived_id, new_id
from amparo.marketplace import actions as marketplace
from tests.marketplace.conftest import PRODUCTS, STORES


def person(role: Any, name: str, **rest: Any) -> Actor:
    return Actor(derived_id("case", name), role, name=name, **rest)


OLGA = person("buyer", "Olga", ref="buyer-olga", language="ru")
ANA = person("buyer", "Ana", ref="buyer-ana", language="es")
WEI = person("seller", "Wei", ref="seller-wei", store_refs=("store-wei",))
SOL = person("seller", "Sol", ref="seller-sol", store_refs=("store-sol",))
MARTA = person("operator", "Marta")
LENA = person("operator", "Lena")
TEO = person("administrator", "Teo")
SERVER = person("integration", "Shop")
PEOPLE = (OLGA, ANA, WEI, SOL, MARTA, LENA, TEO)
DAY = timedelta(days=1)
TIMERS = {CASE_DEADLINE: deadline_due, CASE_REMINDER: reminder_due}


def furnish(session: Session, now: datetime) -> None:
    """Stores, products, people, the shipped policy."""
    assert not marketplace.import_stores(session, STORES, now=now).errors
    assert not marketplace.import_products(session, PRODUCTS, now=now).errors
    for actor in PEOPLE:
        session.add(
            Person(
                id=actor.person_id,
                role=actor.role,
                ref=actor.ref,
                name=actor.name,
                email=f"{actor.name.lower()}@mercadia.example",
                language=actor.language,
                stores=list(actor.store_refs),
                created_at=now,
                updated_at=now,
            )
        )
    session.flush()
    for actor in (MARTA, LENA, TEO):
        session.add(
            StaffCredential(
                person_id=actor.person_id,
                email=f"{actor.name.lower()}@mercadia.example",
                password_hash="-",
                languages=["en"],
                changed_at=now,
            )
        )
    load_shipped_policy(session, now)
    session.flush()


def place_order(
    session: Session, ref: str, now: datetime, *, kind: str = "late", **changes: Any
) -> None:
    """An order of Olga's: ``late`` (paid, sent, should be there), ``delivered`` or ``unsent``."""
    placed = now - 20 * DAY
    item: dict[str, Any] = {
        "ref": ref,
        "buyer": "buyer-olga",
        "state": {"late": "dispatched", "delivered": "delivered", "unsent": "paid"}[kind],
        "placed_at": iso(placed),
        "currency": "EUR",
        "shipping": 500,
        "ship_by": iso(placed + 2 * DAY),
        "deliver_by": iso(now - 6 * DAY),
        "lines": [
            {"position": 1, "product": "lamp", "unit_price": 3500},
            {"position": 2, "product": "mug", "store": "store-sol", "unit_price": 1500},
        ],
        "payments": [
            {
                "ref": "p1",
                "method": "card",
                "amount": 5500,
                "state": "captured",
                "at": iso(placed + timedelta(minutes=1)),
            }
        ],
    }
    if kind == "delivered":
        item["delivered_at"] = iso(now - 4 * DAY)
    report = marketplace.import_orders(session, [item | changes], now=now)
    assert not report.errors, report.errors


def asked(ref: str, now: datetime, **changes: Any) -> Ask:
    """Olga's lamp has not come; she wrote to the seller four days ago."""
    values: dict[str, Any] = {
        "id": new_id(),
        "order_ref": ref,
        "reason": "not_received",
        "remedy": "refund",
        "line": 1,
        "text": "The lamp has not come.",
        "fields": {"address_checked": True},
        "contacted_at": now - 4 * DAY,
        "contacted_way": "order",
        "language": "ru",
    }
    return Ask(**(values | changes))


def described(ref: str, now: datetime, photo: UUID, **changes: Any) -> Ask:
    """What came is not what was shown."""
    values: dict[str, Any] = {
        "reason": "not_as_described",
        "remedy": "part_refund",
        "amount": 1000,
        "text": "It is grey, not teal.",
        "fields": {"differs": "colour"},
        "files": (photo,),
    }
    return asked(ref, now, **(values | changes))


def opened(session: Session, ask: Ask, now: datetime, actor: Actor = OLGA) -> CaseRow:
    """A case that must not have been there."""
    row, existed = open_case(session, actor, ask, now)
    assert not existed
    return row


def do(
    session: Session, actor: Actor, case: UUID, action: str, now: datetime, **data: Any
) -> CaseRow:
    """An action that must be possible."""
    files = tuple(data.pop("files", ()))
    return act(session, actor, case, Act(new_id(), action, data, files), now)


@dataclass(frozen=True)
class Pixels:
    """What the child process would have made of a picture."""

    data: bytes = b"picture"
    media_type: str = "image/webp"
    width: int = 10
    height: int = 10


def photo(session: Session, actor: Actor, now: datetime, case: UUID | None = None) -> UUID:
    """A picture that was put in and can be handed in."""
    place = reserve(
        session,
        actor,
        new_id(),
        name="photo.png",
        source="0" * 64,
        kind="image",
        type="photos",
        case_id=case,
        now=now,
    )
    return finish(session, place.id, Pixels(), now).id


def steps_of(session: Session, case: UUID) -> list[CaseStep]:
    query = select(CaseStep).where(CaseStep.case_id == case).order_by(CaseStep.no)
    return list(session.scalars(query, execution_options={"populate_existing": True}))


def events_of(session: Session, case: UUID) -> list[str]:
    """What happened, in order."""
    return [step.event for step in steps_of(session, case)]


def refunds(session: Session) -> list[RefundOrder]:
    query = select(RefundOrder).order_by(RefundOrder.created_at, RefundOrder.key)
    return list(session.scalars(query, execution_options={"populate_existing": True}))


@dataclass
class Till:
    """A provider with a memory of its own: what left it, by key, and how often it was told.

    Attributes:
        answers: what the next calls of ``refund`` answer: ``paid``, ``failed``, ``lost`` (pays,
            and the answer is lost), ``deaf`` (does nothing and says nothing).
    """

    answers: list[str] = field(default_factory=list)
    always: str = "paid"
    paid: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    name: str = "till"

    def refund(self, refund: Refund, now: datetime) -> Reply:
        self.told.append(refund.key)
        answer = self.answers.pop(0) if self.answers else self.always
        if answer == "deaf":
            return Reply("unknown")
        if answer == "failed" and refund.key not in self.paid:
            self.refused.add(refund.key)
            return Reply("failed")
        assert self.paid.setdefault(refund.key, refund.amount) == refund.amount
        return Reply("unknown") if answer == "lost" else Reply("paid", f"till-{refund.key[-6:]}")

    def status(self, refund: Refund, now: datetime) -> Reply:
        if refund.key in self.paid:
            return Reply("paid", f"till-{refund.key[-6:]}")
        if self.always == "deaf":
            return Reply("unknown")
        return Reply("failed") if refund.key in self.refused else Reply("none")


def total(paid: Mapping[str, int]) -> int:
    """All the money that left a till."""
    return sum(paid.values())
