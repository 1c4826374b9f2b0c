"""What a step asks of the world, written in its transaction; it leaves after the commit."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.cases.about import about
from amparo.cases.case import Effect
from amparo.cases.events import CASE_ALARM, CASE_NOTICE, CASE_PAYOUT, CASE_REMEDY
from amparo.cases.models import CaseGrant, CaseRow
from amparo.cases.refund_orders_actions import ask_about_refund, place_refund
from amparo.kernel.clock import iso
from amparo.storage.events import record

Deed = Callable[[Session, CaseRow, Mapping[str, Any], datetime], None]


def carry_out(
    session: Session, row: CaseRow, effects: Sequence[Effect], now: datetime
) -> list[Effect]:
    """Do what the effects say; returns those of kinds that are left to the caller."""
    left: list[Effect] = []
    for effect in effects:
        deed = DEEDS.get(effect.kind)
        if deed is None:
            left.append(effect)
        else:
            deed(session, row, effect.data, now)
    return left


def _refund(session: Session, row: CaseRow, data: Mapping[str, Any], now: datetime) -> None:
    place_refund(session, row, data["key"], data["amount"], now)


def _ask(session: Session, row: CaseRow, data: Mapping[str, Any], now: datetime) -> None:  # noqa: ARG001
    ask_about_refund(session, data["key"], now)


def _alarm(session: Session, row: CaseRow, data: Mapping[str, Any], now: datetime) -> None:
    row.alarm = row.closed_at is None
    record(session, CASE_ALARM, about(row) | {"what": data["what"]}, now=now, subject=row.id)


def _notice(session: Session, row: CaseRow, data: Mapping[str, Any], now: datetime) -> None:
    told = {
        "to": list(data["to"]),
        "text": data["text"],
        "channels": list(data.get("channels", ())),
        "due_at": iso(row.due_at) if row.due_at is not None else None,
    }
    record(session, CASE_NOTICE, about(row) | told, now=now, subject=row.id)


def _payout(blocked: bool) -> Deed:
    def tell(session: Session, row: CaseRow, _: Mapping[str, Any], now: datetime) -> None:
        record(session, CASE_PAYOUT, about(row) | {"blocked": blocked}, now=now, subject=row.id)

    return tell


def _grant(session: Session, row: CaseRow, data: Mapping[str, Any], now: datetime) -> None:
    values = {
        "case_id": row.id,
        "buyer_ref": row.buyer_ref,
        "amount": data["amount"],
        "currency": row.currency,
        "at": now,
    }
    session.execute(insert(CaseGrant).values(**values).on_conflict_do_nothing())


def _remedy(kind: str) -> Deed:
    """What the marketplace itself has to do; it may tell us that it is done."""

    def tell(session: Session, row: CaseRow, data: Mapping[str, Any], now: datetime) -> None:
        told = {
            "remedy": kind,
            "amount": data.get("amount"),
            "currency": row.currency,
            "key": data.get("key", f"{kind}-{row.id}"),
        }
        record(session, CASE_REMEDY, about(row) | told, now=now, subject=row.id)

    return tell


DEEDS: Mapping[str, Deed] = {
    "refund": _refund,
    "ask_provider": _ask,
    "alarm": _alarm,
    "notice": _notice,
    "payout_block": _payout(True),
    "payout_release": _payout(False),
    "grant": _grant,
    "coupon": _remedy("coupon"),
    "credit_order": _remedy("credit_order"),
    "continue_order": _remedy("continue_order"),
    "seller_credit": _remedy("seller_credit"),
}
