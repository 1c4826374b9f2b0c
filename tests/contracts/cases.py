"""Cases of Ana's for the matrix."""

from datetime import datetime, timedelta
from uuid import UUID

from amparo.cases import evidence_actions
from amparo.cases.actions import Act, act
from amparo.cases.opening_actions import Ask, open_case
from amparo.kernel.actor import Actor
from amparo.kernel.clock import iso
from amparo.kernel.ids import new_id
from amparo.marketplace import actions as marketplace
from amparo.storage.files import Files
from amparo.storage.images import Picture
from amparo.storage.session import Database
from tests.contracts.canary import CANARY, NOTE_CANARY


def late_order(database: Database, now: datetime) -> str:
    """An order of Ana's that should have come; its ref."""
    ref, placed = f"LATE-{new_id().hex[-12:]}-{CANARY}", now - timedelta(days=20)
    item = {
        "ref": ref,
        "buyer": "ana",
        "state": "dispatched",
        "placed_at": iso(placed),
        "currency": "EUR",
        "deliver_by": iso(now - timedelta(days=6)),
        "lines": [{"position": 1, "product": "lamp", "unit_price": 3500}],
        "payments": [
            {"ref": "1", "method": "card", "amount": 3500, "state": "captured", "at": iso(placed)}
        ],
    }
    with database.transaction() as session:
        report = marketplace.import_orders(session, [item], now=now)
    assert not report.errors, report.errors
    return ref


def opening(ref: str, now: datetime) -> dict[str, object]:
    """What Ana says when she opens a case about it."""
    return {
        "id": str(new_id()),
        "order": ref,
        "line": 1,
        "reason": "not_received",
        "remedy": "refund",
        "text": f"{CANARY} has not come",
        "fields": {"address_checked": True},
        "contacted": {"way": "mail", "at": iso(now - timedelta(days=4))},
    }


def case_of_ana(
    database: Database, files: Files, ana: Actor, marta: Actor, now: datetime
) -> dict[str, UUID]:
    """A case with a picture of Ana's and a note of Marta's."""
    said = opening(late_order(database, now), now)
    with database.transaction() as session:
        place = evidence_actions.reserve(
            session, ana, new_id(), name=CANARY, source="0", kind="image", type="photos",
            case_id=None, now=now,
        )  # fmt: skip
        drawn = Picture(b"RIFF of Ana", "image/webp", 20, 10)
        files.put(place.id, drawn.data)
        evidence_actions.finish(session, place.id, drawn, now)
    with database.transaction() as session:
        ask = Ask(
            id=new_id(),
            order_ref=str(said["order"]),
            reason="not_received",
            remedy="refund",
            line=1,
            text=f"{CANARY} has not come",
            fields={"address_checked": True},
            files=(place.id,),
            contacted_at=now - timedelta(days=4),
        )
        row, _ = open_case(session, ana, ask, now)
        act(session, marta, row.id, Act(new_id(), "note", {"text": NOTE_CANARY}), now)
    return {"id": row.id, "file_id": place.id}
