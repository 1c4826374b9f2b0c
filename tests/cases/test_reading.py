"""Promise: each side reads the same case in its own words, and never what is not its own."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from amparo.cases import export, queries
from amparo.cases.audit_queries import chain_for
from amparo.cases.doors_queries import case_row_for
from amparo.cases.views import CaseOut
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound
from tests.cases.counting import statements
from tests.cases.house import (
    ANA,
    DAY,
    MARTA,
    OLGA,
    SOL,
    WEI,
    asked,
    described,
    do,
    opened,
    photo,
    place_order,
)

LANGUAGES = ("en", "es", "ru")
PRIVATE = ("buyer-olga@", "olga@mercadia.example", "wei@mercadia.example", "+34600111222")


def told(session: Session, actor: Actor, id: UUID, now: datetime, language: str = "en") -> CaseOut:
    return queries.case_for(session, actor, id, now, language)


def as_text(value: Any) -> str:
    return json.dumps(asdict(value), default=str, ensure_ascii=False)


@pytest.fixture
def case(shop: Session, now: datetime) -> UUID:
    place_order(shop, "R-1", now)
    return opened(shop, asked("R-1", now), now).id


def test_both_sides_and_staff_read_it_in_their_own_words(
    shop: Session, case: UUID, now: datetime
) -> None:
    olga, wei, marta = (told(shop, actor, case, now) for actor in (OLGA, WEI, MARTA))
    assert [one.viewer for one in (olga, wei, marta)] == ["buyer", "seller", "staff"]
    assert wei.yours
    assert not olga.yours
    assert len({olga.now, wei.now, marta.now}) == 3
    assert wei.who == "It is your turn"
    assert olga.who == "The seller has to act"
    assert "accept_request" in {one.key for one in wei.actions}
    assert "accept_request" not in {one.key for one in olga.actions}
    assert olga.line is not None
    assert olga.line.snapshot.title
    assert olga.due_at == wei.due_at is not None
    assert olga.silence.startswith("If the seller does not answer")


@pytest.mark.parametrize("actor", [ANA, SOL])
def test_strangers_find_nothing(shop: Session, case: UUID, now: datetime, actor: Actor) -> None:
    with pytest.raises(NotFound):
        told(shop, actor, case, now)
    with pytest.raises(NotFound):
        chain_for(shop, actor, case)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_life_is_told_in_every_language(
    shop: Session, now: datetime, language: str
) -> None:
    place_order(shop, "R-2", now, kind="delivered")
    row = opened(shop, described("R-2", now, photo(shop, OLGA, now)), now)
    note = "only-among-us"
    do(shop, MARTA, row.id, "note", now, text=note)
    do(shop, WEI, row.id, "offer", now, remedy="part_refund", amount=300, text="3 euro?")
    do(shop, OLGA, row.id, "escalate", now, text="No")
    do(shop, MARTA, row.id, "ask_evidence", now, party="seller", types=["carrier_proof"])
    do(shop, WEI, row.id, "submit_evidence", now, text="Here it is")
    reasons = "The photo shows grey."
    decided = now + timedelta(hours=1)
    do(shop, MARTA, row.id, "decide", decided, remedy="part_refund", amount=900,
       rule="differs_from_listing", reasons=reasons)  # fmt: skip
    for actor in (OLGA, WEI, MARTA):
        case = told(shop, actor, row.id, decided, language)
        written = as_text(case)
        assert (note in written) == (actor is MARTA)
        assert not any(private in written for private in PRIVATE)
        assert "{" not in "".join(one.title for one in case.timeline)
        assert case.decision is not None
        assert case.decision.reasons == reasons
        assert case.decision.by == "Marta"
        for words in (case.now, case.who, case.silence, case.state_label, *_labels(case)):
            assert words
            assert "{" not in words
            assert "_" not in words
        page = export.as_html(case, *chain_for(shop, actor, row.id), decided, language)
        assert note not in page
        assert reasons in page
        assert "<script" not in page


def _labels(case: CaseOut) -> list[str]:
    fields = [field.label for action in case.actions for field in action.fields]
    return [
        *fields,
        *(one.label for one in case.actions),
        *(one.type_label for one in case.evidence),
    ]


def test_staff_sees_who_they_are_and_why_one_may_not_decide(
    shop: Session, case: UUID, now: datetime
) -> None:
    staff = told(shop, MARTA, case, now).staff
    assert staff is not None
    assert staff.seller is not None
    assert (staff.buyer.name, staff.buyer.cases, staff.seller.cases) == ("Olga", 1, 1)
    assert staff.conflict is None
    assert told(shop, OLGA, case, now).staff is None


def test_an_action_says_which_offer_it_accepts(shop: Session, now: datetime) -> None:
    place_order(shop, "R-3", now)
    id = opened(shop, asked("R-3", now), now).id
    do(shop, WEI, id, "offer", now, remedy="part_refund", amount=700)
    action = next(one for one in told(shop, OLGA, id, now).actions if one.key == "accept_offer")
    offer = told(shop, OLGA, id, now).offer
    assert offer is not None
    assert action.offer_version == offer.version
    assert action.confirm is not None
    assert "€7.00" in action.confirm


def test_the_export_can_be_verified_and_a_change_is_found(
    shop: Session, case: UUID, now: datetime
) -> None:
    links, found = chain_for(shop, OLGA, case)
    assert found.ok
    said = json.loads(export.as_json(told(shop, OLGA, case, now), links, found, now))
    assert said["verification"]["ok"]
    assert "data" not in said["chain"][0]
    assert [link["hash"] for link in said["chain"]] == [link.hash for link in links]
    row = queries.stored_case(shop, case_row_for(shop, MARTA, case))
    row.steps[0].data = {**row.steps[0].data, "amount": 1}
    shop.flush()
    assert chain_for(shop, OLGA, case)[1].broken_at == 1


def test_two_reads_cost_the_same_however_long_the_case(shop: Session, now: datetime) -> None:
    place_order(shop, "R-4", now)
    id = opened(shop, asked("R-4", now), now).id
    with statements(shop) as short:
        told(shop, OLGA, id, now)
    for place in range(6):
        do(shop, WEI if place % 2 else OLGA, id, "add_evidence", now + place * DAY / 24, text="x")
    with statements(shop) as long:
        told(shop, OLGA, id, now + DAY)
    assert len(long) == len(short) <= 20
