"""Acting on a case: once, in turn, on what was seen; words beside the chain, the chain whole."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from amparo.cases.actions import Act, act, see
from amparo.cases.audit import link_hash
from amparo.cases.audit_queries import links_of, proved
from amparo.cases.models import CaseEntry, CaseRow, CaseSeen, CaseStep
from amparo.cases.queries import stored_case
from amparo.kernel.errors import Conflict, Invalid, NotFound, Problem
from amparo.kernel.ids import new_id
from tests.cases.house import (
    ANA,
    DAY,
    LENA,
    MARTA,
    OLGA,
    SOL,
    TEO,
    WEI,
    asked,
    do,
    events_of,
    opened,
    place_order,
    refunds,
    steps_of,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def case(shop: Session, now: datetime) -> UUID:
    place_order(shop, "O-1", now)
    return opened(shop, asked("O-1", now), now).id


def words_of_step(session: Session, case: UUID, no: int) -> CaseEntry:
    query = select(CaseEntry).where(CaseEntry.case_id == case, CaseEntry.step_no == no)
    return session.scalars(query).one()


def test_the_same_act_again_changes_nothing(shop: Session, case: UUID, now: datetime) -> None:
    deed = Act(new_id(), "offer", {"remedy": "part_refund", "amount": 500})
    first = act(shop, WEI, case, deed, now + HOUR)
    assert first.state == "wait_buyer"
    again = act(shop, WEI, case, deed, now + 2 * DAY)
    assert (again.version, events_of(shop, case)) == (2, ["open", "offer"])
    other = Act(deed.id, "offer", {"remedy": "part_refund", "amount": 501})
    with pytest.raises(Conflict) as caught:
        act(shop, WEI, case, other, now + HOUR)
    assert caught.value.code == "request_id_used"


def test_a_version_that_is_old(shop: Session, case: UUID, now: datetime) -> None:
    do(shop, WEI, case, "offer", now, remedy="part_refund", amount=500)
    with pytest.raises(Conflict) as caught:
        act(shop, OLGA, case, Act(new_id(), "escalate", version=1), now)
    assert (caught.value.code, caught.value.params["version"]) == ("case_changed", 2)


def test_only_the_offer_that_was_seen(shop: Session, case: UUID, now: datetime) -> None:
    do(shop, WEI, case, "offer", now, remedy="part_refund", amount=500)
    do(shop, WEI, case, "improve", now, remedy="part_refund", amount=900)
    with pytest.raises(Conflict) as caught:
        do(shop, OLGA, case, "accept_offer", now, offer_version=2)
    assert caught.value.code == "case_offer_changed"
    do(shop, OLGA, case, "accept_offer", now, offer_version=3)
    assert [refund.amount for refund in refunds(shop)] == [900]


@pytest.mark.parametrize(
    ("who", "action", "data", "code"),
    [
        (OLGA, "offer", {"remedy": "part_refund", "amount": 1}, "case_action_not_possible"),
        (WEI, "offer", {"remedy": "part_refund", "amount": 3851}, "case_amount_too_high"),
        (WEI, "offer", {"remedy": "part_refund", "amount": -1}, "case_amount_unreadable"),
        (WEI, "offer", {"remedy": "part_refund", "amount": "9"}, "case_amount_unreadable"),
        (WEI, "refuse", {}, "case_field_missing"),
        (WEI, "refuse", {"text": "x" * 3001}, "case_field_too_long"),
        (WEI, "fly", {}, "case_action_not_possible"),
        (MARTA, "decide", {"remedy": "refund"}, "case_action_not_possible"),
        (OLGA, "take", {}, "case_action_not_possible"),
        (ANA, "escalate", {}, "not_found"),
        (SOL, "accept_request", {}, "not_found"),
    ],
)
def test_what_is_not_possible_changes_nothing(
    shop: Session, case: UUID, now: datetime, who: Any, action: str, data: Any, code: str
) -> None:
    before = shop.get_one(CaseRow, case).data
    with pytest.raises(Problem) as caught, shop.begin_nested():
        do(shop, who, case, action, now, **data)
    assert caught.value.code == code
    row = shop.get_one(CaseRow, case, populate_existing=True)
    assert (row.data, row.version) == (before, 1)
    assert len(steps_of(shop, case)) == 1


def test_contact_details_stay_on_the_platform(shop: Session, case: UUID, now: datetime) -> None:
    do(shop, WEI, case, "refuse", now, text="Write to wei@shop.example and we settle it")
    assert "wei@shop.example" not in (words_of_step(shop, case, 2).text or "")


def test_words_are_beside_the_chain(shop: Session, case: UUID, now: datetime) -> None:
    do(shop, WEI, case, "refuse", now, text="We sent it on Monday.")
    step = steps_of(shop, case)[1]
    assert "Monday" not in str(step.data)
    assert step.data["entry"] == words_of_step(shop, case, 2).digest
    row = shop.get_one(CaseRow, case)
    assert proved(shop, row).ok
    entry = words_of_step(shop, case, 2)
    entry.text, entry.data, entry.salt, entry.erased_at = None, {}, "", now
    shop.flush()
    assert proved(shop, row).ok  # what was erased is gone, and the chain is whole


TAMPERED = {
    "a step says something else": "UPDATE dispute_step SET event = 'improve' WHERE no = 2",
    "another amount": """UPDATE dispute_step SET data = jsonb_set(data, '{amount}', '9')
        WHERE no = 2""",
    "another time": "UPDATE dispute_step SET at = at + interval '1 second' WHERE no = 3",
    "a step is gone": "DELETE FROM dispute_step WHERE no = 2",
    "the last is gone": "DELETE FROM dispute_step WHERE no = (SELECT max(no) FROM dispute_step)",
    "other words": "UPDATE dispute_entry SET text = 'All is well.' WHERE step_no = 1",
    "words are lost": "DELETE FROM dispute_entry WHERE step_no = 1",
    "another state": """UPDATE dispute SET data = jsonb_set(data, '{state}', '"closed"')""",
    "another chain": "UPDATE dispute SET last_hash = repeat('0', 64)",
}


@pytest.mark.parametrize("statement", TAMPERED.values(), ids=TAMPERED)
def test_whoever_changes_the_past_is_seen(
    shop: Session, case: UUID, now: datetime, statement: str
) -> None:
    do(shop, WEI, case, "offer", now, remedy="part_refund", amount=500)
    do(shop, OLGA, case, "accept_offer", now + HOUR, offer_version=2)
    row = shop.get_one(CaseRow, case, populate_existing=True)
    assert proved(shop, row).ok
    shop.execute(text(statement))
    shop.flush()
    shop.expire_all()
    assert not proved(shop, shop.get_one(CaseRow, case)).ok


def test_a_forged_chain_does_not_lead_to_the_state(
    shop: Session, case: UUID, now: datetime
) -> None:
    """Whoever writes every hash anew still has to tell a story that the table allows."""
    do(shop, WEI, case, "offer", now, remedy="part_refund", amount=500)
    row = shop.get_one(CaseRow, case, populate_existing=True)
    step = steps_of(shop, case)[1]
    step.who = "buyer"
    shop.flush()
    step.hash = link_hash(links_of(stored_case(shop, row))[1])
    row.last_hash = step.hash
    shop.flush()
    assert proved(shop, row).broken_at == 2


def test_who_is_party_does_not_decide(shop: Session, case: UUID, now: datetime) -> None:
    shop.execute(
        text("UPDATE person SET email = 'OLGA@mercadia.example' WHERE id = :id"),
        {"id": MARTA.person_id},
    )
    for action in ("take", "note"):
        with pytest.raises(Conflict) as caught:
            do(shop, MARTA, case, action, now, text="x")
        assert caught.value.code == "case_conflict"
    do(shop, WEI, case, "refuse", now, text="It was sent.")
    do(shop, OLGA, case, "escalate", now)
    with pytest.raises(Conflict):
        do(shop, MARTA, case, "decide", now, remedy="none", rule="no_answer", reasons="x")
    assert do(shop, LENA, case, "take", now).operator_id == LENA.person_id


def test_the_appeal_is_somebody_elses(shop: Session, case: UUID, now: datetime) -> None:
    do(shop, WEI, case, "refuse", now, text="It was sent.")
    do(shop, OLGA, case, "escalate", now)
    decided = do(
        shop, MARTA, case, "decide", now, remedy="none", rule="delivered_proof", reasons="A scan."
    )
    assert (decided.state, decided.decided_by) == ("decided", MARTA.person_id)
    do(shop, OLGA, case, "appeal", now, grounds="new_fact", text="The scan is of another town.")
    with pytest.raises(Conflict):
        do(shop, MARTA, case, "uphold", now, rule="delivered_proof", reasons="Still.")
    do(shop, LENA, case, "change", now, remedy="refund", rule="not_delivered", reasons="True.")
    assert [refund.amount for refund in refunds(shop)] == [3850]
    assert proved(shop, shop.get_one(CaseRow, case)).ok


def test_a_note_and_who_has_it_are_no_steps(shop: Session, case: UUID, now: datetime) -> None:
    do(shop, MARTA, case, "take", now)
    do(shop, MARTA, case, "note", now, text="Asked the carrier.")
    row = do(shop, TEO, case, "take", now, operator=str(LENA.person_id))
    assert row.operator_id == LENA.person_id
    do(shop, LENA, case, "release_case", now)
    row = shop.get_one(CaseRow, case, populate_existing=True)
    assert (row.operator_id, row.version) == (None, 1)
    notes = select(func.count()).where(CaseEntry.case_id == case, CaseEntry.kind == "note")
    assert shop.scalar(notes) == 1
    with pytest.raises(Invalid):
        do(shop, MARTA, case, "note", now, text="  ")
    assert proved(shop, row).ok


def test_what_was_seen_never_goes_back(shop: Session, case: UUID, now: datetime) -> None:
    do(shop, WEI, case, "offer", now, remedy="part_refund", amount=500)
    see(shop, OLGA, case)
    see(shop, OLGA, case)
    assert shop.get_one(CaseSeen, (case, OLGA.person_id)).version == 2
    with pytest.raises(NotFound):
        see(shop, ANA, case)
    assert shop.scalar(select(func.count()).select_from(CaseStep)) == 2
    with pytest.raises(Conflict):
        do(shop, OLGA, case, "note", now, text="x")
