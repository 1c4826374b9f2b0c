"""The reasons of cases as data: where they start, when they open, what is asked and offered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from amparo.cases.kinds import Family, Reason, Remedy

FieldKind = Literal["text", "long_text", "amount", "choice", "date", "check", "files", "number"]


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of the form; its words stand under ``cases.field.<name>``."""

    name: str
    kind: FieldKind
    required: bool = False
    choices: tuple[str, ...] = ()
    max: int | None = None


@dataclass(frozen=True, slots=True)
class EvidenceType:
    """A kind of evidence; its words stand under ``cases.evidence.<type>``."""

    type: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """What is particular to a reason.

    Attributes:
        start: who has the first word.
        per_line: it is about one line of the order; else about all of it.
        opens_when: names of ``openings.CONDITIONS``; the first that fails is the answer to "why
            not".
        remedies: what a buyer may ask for, in the order in which they are offered.
        evidence: what the buyer is asked for at the opening.
    """

    start: Literal["platform", "seller", "right"]
    family: Family
    per_line: bool
    opens_when: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    evidence: tuple[EvidenceType, ...] = ()
    fields: tuple[FormField, ...] = ()


_PHOTOS = EvidenceType("photos", required=True)
_TEXT_LIMIT = 200

REASON_ROWS: Mapping[Reason, ReasonRow] = {
    "payment_not_credited": ReasonRow(
        "platform",
        "payment",
        False,
        ("attempted", "not_paid"),
        ("credit_order", "refund"),
        (EvidenceType("payment_proof"),),
        (
            FormField("payment_reference", "text", required=True, max=80),
            FormField("payment_amount", "amount"),
            FormField("payment_date", "date", required=True),
            FormField("card_last_digits", "text", max=4),  # never the whole number
        ),
    ),
    "paid_unavailable": ReasonRow(
        "platform",
        "goods",
        True,
        ("captured", "not_shipped", "cancelled_or_late"),
        ("refund", "replacement"),
    ),
    "not_as_described": ReasonRow(
        "seller",
        "goods",
        True,
        ("delivered", "in_window", "seller_known", "contacted"),
        ("part_refund", "return_refund", "replacement"),
        (_PHOTOS, EvidenceType("video")),
        (FormField("differs", "text", required=True, max=_TEXT_LIMIT),),
    ),
    "compensation": ReasonRow(
        "seller",
        "goods",
        True,
        ("delivered", "in_window", "seller_known", "contacted"),
        ("part_refund", "coupon"),
        (EvidenceType("receipt", required=True), EvidenceType("photos")),
        (
            FormField(
                "damage",
                "choice",
                required=True,
                choices=("late", "partial_loss", "packing", "customs", "other"),
            ),
        ),
    ),
    "page_removed": ReasonRow(
        "platform", "goods", True, ("captured", "listing_removed"), ("continue_order", "refund")
    ),
    "warranty": ReasonRow(
        "seller",
        "goods",
        True,
        ("delivered", "in_guarantee", "seller_known", "contacted"),
        ("repair", "replacement", "part_refund", "return_refund"),
        (_PHOTOS, EvidenceType("video"), EvidenceType("repair_bill")),
        (
            FormField("fault_date", "date", required=True),
            FormField("fault", "text", required=True, max=_TEXT_LIMIT),
        ),
    ),
    "not_received": ReasonRow(
        "seller",
        "goods",
        True,
        ("captured", "overdue_or_lost", "in_window", "seller_known", "contacted"),
        ("refund", "replacement"),
        (EvidenceType("statement"),),
        (
            FormField("address_checked", "check", required=True),
            FormField("neighbours_asked", "check"),
        ),
    ),
    "cooling_off": ReasonRow(
        "right",
        "goods",
        True,
        ("captured", "cooling_off_window"),
        ("return_refund",),
    ),
}

EVIDENCE_TYPES: tuple[str, ...] = (
    "photos",
    "video",
    "payment_proof",
    "receipt",
    "repair_bill",
    "statement",
    "carrier_proof",
    "correspondence",
    "document",
)
"""What an operator may ask of a party."""

RETURN_CODES: tuple[str, ...] = ("empty", "wrong_item", "damaged", "incomplete", "used")
"""The five acknowledgements with which a seller contests what came back."""
APPEAL_GROUNDS: tuple[str, ...] = ("new_fact", "wrong_fact", "wrong_rule")
REFUND_METHODS: tuple[str, ...] = ("bank_transfer", "card", "wallet")
"""Other ways to pay back, after the first was refused; account numbers are words, not data."""
HOLD_CAUSES: tuple[str, ...] = ("chargeback", "court", "adr")
RULES: tuple[str, ...] = (
    "paid_not_shipped",
    "not_delivered",
    "delivered_proof",
    "differs_from_listing",
    "matches_listing",
    "damage_shown",
    "damage_not_shown",
    "guarantee",
    "no_guarantee",
    "return_contested",
    "payment_found",
    "payment_not_found",
    "listing_gone",
    "no_answer",
    "fair_share",
)
"""The rules that a decision may cite; their words stand under ``cases.rule.<key>``."""

ORDER_OF_WORTH: tuple[Remedy, ...] = (
    "none",
    "coupon",
    "continue_order",
    "credit_order",
    "part_refund",
    "repair",
    "replacement",
    "return_refund",
    "refund",
)
"""From nothing to everything, as a buyer sees it: an offer may only move to the right."""
_MONEY: frozenset[Remedy] = frozenset({"refund", "part_refund", "return_refund"})
_WITH_AMOUNT: frozenset[Remedy] = frozenset({"part_refund", "coupon"})
_GOODS: frozenset[Remedy] = frozenset({"replacement", "repair"})


def is_money(remedy: Remedy) -> bool:
    """Whether money goes back to the buyer."""
    return remedy in _MONEY


def has_amount(remedy: Remedy) -> bool:
    """Whether somebody must say how much."""
    return remedy in _WITH_AMOUNT


def is_goods(remedy: Remedy) -> bool:
    """Whether the seller sends something."""
    return remedy in _GOODS


def goes_back_first(remedy: Remedy) -> bool:
    """Whether the goods go back to the seller before: a thing cannot be repaired from afar."""
    return remedy in ("return_refund", "repair")


def decidable(reason: Reason) -> tuple[Remedy, ...]:
    """What may be offered, proposed or decided: what the buyer may ask for, less, or nothing."""
    remedies = REASON_ROWS[reason].remedies
    if reason == "payment_not_credited":
        return (*remedies, "none")
    more: tuple[Remedy, ...] = ("refund", "part_refund", "return_refund", "replacement", "none")
    return (*remedies, *(one for one in more if one not in remedies))
