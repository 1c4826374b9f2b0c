"""Money that goes back: one order with one key for life; told, asked about, answered once.

What is told to the provider is written down before it is told: from that commit on the refund is
*unknown* until an answer is stored, whatever dies in between. An unknown refund is asked about
first and told to pay again only where the provider has never heard of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.cases.case import Happening, Who
from amparo.cases.models import CaseRow, RefundCall, RefundOrder
from amparo.cases.payments import Provider, Refund, Reply
from amparo.cases.refund_orders_actions import tell_refund
from amparo.cases.steps_actions import happens
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, NotFound
from amparo.storage.outbox import Outcome

log = structlog.get_logger(__name__)
REF_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Errand:
    """One attempt. ``ask_first``: the provider may have heard of the key already."""

    refund: Refund
    pay: bool
    ask_first: bool


@dataclass(frozen=True, slots=True)
class Answered(Outcome):
    """An attempt that ended with a word of the provider."""

    reply: Reply | None = None


def run(provider: Provider) -> Callable[[Errand, datetime], Outcome]:
    """How an errand is run with that provider, outside of any transaction."""

    def send(errand: Errand, now: datetime) -> Outcome:
        if errand.ask_first:
            reply = provider.status(errand.refund, now)
            if reply.state != "none" or not errand.pay:
                return _outcome(reply, errand)
        return _outcome(provider.refund(errand.refund, now), errand)

    return send


def _outcome(reply: Reply, errand: Errand) -> Outcome:
    if reply.state in ("paid", "failed"):
        return Answered("delivered", reply.detail, reply=reply)
    # whoever only asks has an answer: nobody heard of it, so nothing was paid
    over = reply.state == "none" and not errand.pay
    return Answered("delivered" if over else "again", reply.detail, reply=reply)


def prepare(session: Session, call: RefundCall) -> Errand | Outcome:
    """What is to be told; done at once where the money has left already."""
    order = session.get(RefundOrder, call.key, with_for_update=True, populate_existing=True)
    if order is None or order.state == "paid":
        return Outcome("delivered")
    pay = call.kind == "pay"
    ask_first = not pay or order.state == "unknown"
    if pay:
        order.tries += 1
        order.state = "unknown"
    refund = Refund(order.key, order.order_ref, order.amount, order.currency)
    return Errand(refund, pay, ask_first)


def settled(session: Session, call: RefundCall, outcome: Outcome, now: datetime) -> None:
    """The provider's word becomes the refund's and the case's state, with the call's own."""
    reply = outcome.reply if isinstance(outcome, Answered) else None
    if reply is None:
        return
    call.answer, call.answer_ref = reply.state, reply.ref
    session.flush()
    for _ in range(2 if reply.repeated else 1):
        answered(session, call.key, reply, now)


def settle_refund(
    session: Session, actor: Actor, key: str, state: str, ref: str | None, now: datetime
) -> RefundOrder:
    """A late word of the marketplace's server about a refund; the same word again is nothing.

    Args:
        state: ``paid`` or ``failed``; anything else changes nothing.

    Raises:
        Forbidden: the actor is not the marketplace's server, nor the program itself.
        NotFound: no such refund.
    """
    if actor.role not in ("integration", "system"):
        raise Forbidden()
    said: Reply = Reply("unknown", ref)
    if state == "paid":
        said = Reply("paid", ref)
    elif state == "failed":
        said = Reply("failed", ref)
    return answered(session, key, said, now)


def answered(session: Session, key: str, reply: Reply, now: datetime) -> RefundOrder:
    """Take the provider's word in, once: what was paid stays paid, whatever is said later.

    Raises:
        NotFound: no such refund.
    """
    case_id = session.scalar(select(RefundOrder.case_id).where(RefundOrder.key == key))
    if case_id is None:
        raise NotFound()
    # the case before the refund: the order in which everybody locks
    row = session.get_one(CaseRow, case_id, with_for_update=True, populate_existing=True)
    order = session.get_one(RefundOrder, key, with_for_update=True, populate_existing=True)
    if order.state == "paid" or reply.state == order.state:
        if order.state == "paid" and reply.state == "failed":
            log.warning("refund_said_failed_after_paid", key=key)
        return order
    if reply.state not in ("paid", "failed"):
        return order
    order.state, order.changed_at = reply.state, now
    order.ref = (reply.ref or order.ref or "")[:REF_LIMIT] or None
    if reply.state == "paid":
        order.paid_at = now
    session.flush()
    tell_refund(session, row, order, now)
    event = "provider_ok" if reply.state == "paid" else "provider_failed"
    happens(session, row, Happening(event, Who("provider", order.ref), now), now)
    return order
