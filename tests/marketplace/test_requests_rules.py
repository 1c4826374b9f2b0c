"""Tables: what can be asked of an order in which state, and why not."""

from typing import Any

import pytest

from amparo.kernel.errors import Invalid
from amparo.kernel.ids import new_id
from amparo.kernel.languages import INTERFACE
from amparo.kernel.texts import has, text
from amparo.marketplace.requests_rules import (
    CASE_LIMIT,
    CASE_REASONS,
    KINDS,
    MARKETPLACE_REASONS,
    REASONS,
    WISHES,
    Facts,
    RequestKind,
    answered_at_once,
    checked_data,
    goes_out,
    implied,
    kept_after,
    shown_reason,
    why_not,
)
from amparo.marketplace.rules import ORDER_STATES

SENT, HERE, GONE, NOT_YET = (
    "already_dispatched",
    "already_delivered",
    "already_cancelled",
    "not_dispatched",
)
TABLE: dict[str, dict[str, str | None]] = {
    # state          cancel      address           receipt
    "unpaid": {"cancel_order": None, "change_address": None, "confirm_receipt": NOT_YET},
    "paid": {"cancel_order": None, "change_address": None, "confirm_receipt": NOT_YET},
    "processing": {"cancel_order": None, "change_address": None, "confirm_receipt": NOT_YET},
    "dispatched": {"cancel_order": SENT, "change_address": SENT, "confirm_receipt": None},
    "delivered": {"cancel_order": HERE, "change_address": HERE, "confirm_receipt": None},
    "cancelled": {"cancel_order": GONE, "change_address": GONE, "confirm_receipt": GONE},
    "unavailable": {
        "cancel_order": None,
        "change_address": "cannot_be_sent",
        "confirm_receipt": NOT_YET,
    },
}


@pytest.mark.parametrize("state", ORDER_STATES)
def test_what_is_possible_in_each_state(state: str) -> None:
    for kind, reason in TABLE[state].items():
        assert why_not(kind, Facts(state)) == reason, kind  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["cancel_order", "change_address"])
def test_a_parcel_that_left_counts_more_than_the_state(kind: RequestKind) -> None:
    assert why_not(kind, Facts("processing", sent=True)) == SENT
    assert why_not("confirm_receipt", Facts("processing", sent=True)) is None


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Facts("unpaid"), "nothing_charged"),
        (Facts("unpaid", charged=True), None),
        (Facts("cancelled", refunding=True), None),
        (Facts("cancelled", refunded=True), None),
    ],
)
def test_a_refund_needs_money_that_was_taken(facts: Facts, reason: str | None) -> None:
    assert why_not("request_refund_status", facts) == reason


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_asked_already_is_not_asked_again(kind: RequestKind) -> None:
    facts = Facts("delivered", charged=True, asked=frozenset({kind}))
    looked_up = kind == "track_parcel"
    assert why_not(kind, facts) == (None if looked_up else "already_asked")


def test_what_was_done_is_not_asked_again() -> None:
    assert why_not("confirm_receipt", Facts("dispatched", done=frozenset({"confirm_receipt"})))
    assert why_not("cancel_order", Facts("paid", done=frozenset({"cancel_order"}))) == GONE
    assert why_not("change_address", Facts("paid", done=frozenset({"change_address"}))) is None


@pytest.mark.parametrize("state", ORDER_STATES)
def test_the_parcel_and_the_ways_to_people_are_always_there(state: str) -> None:
    for kind in ("track_parcel", "contact_seller", "open_dispute", "upload_payment_proof"):
        assert why_not(kind, Facts(state)) is None


def test_only_a_refund_on_its_way_asks_the_marketplace() -> None:
    assert answered_at_once("track_parcel", Facts("dispatched"))
    assert answered_at_once("request_refund_status", Facts("cancelled", refunded=True))
    assert not answered_at_once("request_refund_status", Facts("cancelled", refunding=True))
    assert not answered_at_once("cancel_order", Facts("paid"))
    assert [kind for kind in KINDS if not goes_out(kind)] == ["track_parcel", "open_dispute"]


@pytest.mark.parametrize(
    ("kind", "state", "meant"),
    [
        ("cancel_order", "cancelled", ("done", None)),
        ("cancel_order", "dispatched", ("refused", SENT)),
        ("cancel_order", "paid", None),
        ("change_address", "delivered", ("refused", HERE)),
        ("change_address", "cancelled", ("refused", GONE)),
        ("confirm_receipt", "delivered", ("done", None)),
        ("confirm_receipt", "dispatched", None),
        ("contact_seller", "cancelled", None),
        ("open_dispute", "delivered", None),
    ],
)
def test_what_an_import_answers(kind: str, state: str, meant: Any) -> None:
    assert implied(kind, state) == meant


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("change_address", {}, "request_incomplete"),
        ("change_address", {"address": " \u200b "}, "request_incomplete"),
        ("change_address", {"address": 7}, "request_incomplete"),
        ("change_address", {"address": "x" * 401}, "request_text_too_long"),
        ("contact_seller", {"text": "x" * 1001}, "request_text_too_long"),
        ("upload_payment_proof", {"files": []}, "request_incomplete"),
        ("upload_payment_proof", {"files": "one"}, "request_incomplete"),
        ("upload_payment_proof", {"files": ["one"]}, "request_incomplete"),
        (
            "upload_payment_proof",
            {"files": [str(new_id()) for _ in range(5)]},
            "request_too_many_files",
        ),
        ("open_dispute", {"reason": "whim", "wish": "refund", "text": "a"}, "request_incomplete"),
        ("open_dispute", {"reason": "warranty", "wish": "all", "text": "a"}, "request_incomplete"),
        ("open_dispute", {"reason": "warranty", "wish": "refund"}, "request_incomplete"),
    ],
)
def test_what_is_missing_or_too_long_is_refused(
    kind: RequestKind, data: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        checked_data(kind, data)
    assert refusal.value.code == code


def test_only_what_a_kind_needs_is_kept() -> None:
    assert checked_data("cancel_order", {"address": "Elm Street 1"}) == {}
    whole = {"reason": "warranty", "wish": "refund", "text": "x" * CASE_LIMIT, "more": "!"}
    assert set(checked_data("open_dispute", whole)) == {"reason", "wish", "text"}
    file = str(new_id())
    assert checked_data("upload_payment_proof", {"files": [file, file]}) == {"files": [file]}


def test_an_address_is_forgotten_with_the_matter() -> None:
    assert kept_after("change_address", {"address": "Elm Street 1"}) == {}
    assert kept_after("contact_seller", {"text": "Hello"}) == {"text": "Hello"}


def test_an_unknown_code_of_the_marketplace_has_words_too() -> None:
    assert shown_reason("meteorite") == shown_reason(None) == "other"
    assert shown_reason("seller_declined") == "seller_declined"


def test_everything_has_its_words() -> None:
    keys = [f"marketplace.request.{kind}.said" for kind in KINDS]
    keys += [f"marketplace.request.{kind}.refused" for kind in KINDS if goes_out(kind)]
    keys += [f"marketplace.request.{kind}.done" for kind in KINDS if goes_out(kind)]
    keys += [f"marketplace.request.reason.{reason}" for reason in REASONS]
    keys += [f"marketplace.request.refusal.{r}" for r in MARKETPLACE_REASONS if r != "other"]
    keys += [f"marketplace.request.no_parcel.{state}" for state in ORDER_STATES]
    keys += [f"marketplace.request.case.reason.{reason}" for reason in CASE_REASONS]
    keys += [f"marketplace.request.case.wish.{wish}" for wish in WISHES]
    assert [key for key in keys if not has(key)] == []
    for language in INTERFACE:
        for reason in REASONS:
            said = text(language, "problem.request_not_possible.detail", order="M-1", reason=reason)
            other = text(
                language, "problem.request_not_possible.detail", order="M-1", reason="other"
            )
            assert said != other, (language, reason)
