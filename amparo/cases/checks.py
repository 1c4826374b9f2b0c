"""The names in the table's ``needs``: how a part of what was sent is read and checked.

Each has the fields that it reads (shown as the fields of the action) and a function that raises
``Invalid`` or ``Conflict`` where they do not fit.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from amparo.cases.moment import Moment, buyer_wish, left, make_wish, standing
from amparo.cases.reasons import (
    APPEAL_GROUNDS,
    EVIDENCE_TYPES,
    HOLD_CAUSES,
    ORDER_OF_WORTH,
    REASON_ROWS,
    REFUND_METHODS,
    RETURN_CODES,
    RULES,
    decidable,
    has_amount,
    is_money,
)
from amparo.kernel.errors import Conflict, Invalid

Check = Callable[[Moment], None]
_MOST = 10**15


def missing(name: str) -> Invalid:
    """The problem of a field that was not filled in, or not as it can be."""
    return Invalid("case_field_missing", field=name)


def read_amount(given: Any, most: int) -> int | None:
    """An amount in minor units, at most ``most``; None where none was given.

    Raises:
        Invalid: ``case_amount_unreadable``, ``case_amount_too_high{max}``.
    """
    if given is None:
        return None
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= _MOST:
        raise Invalid("case_amount_unreadable")
    if given > most:
        raise Invalid("case_amount_too_high", max=most)
    return given


def _read_wish(moment: Moment, remedies: Collection[str]) -> None:
    data = moment.sent
    remedy: Any = data.get("remedy")
    if remedy not in remedies or (remedy == "coupon" and not _wants_coupon(moment)):
        raise Invalid("case_remedy_not_possible", remedy=str(remedy)[:40])
    amount = None
    if is_money(remedy) or remedy == "coupon":
        most = left(moment)
        amount = read_amount(data.get("amount"), most)
        if has_amount(remedy) and not amount:
            raise missing("amount") if amount is None else Invalid("case_amount_unreadable")
        amount = most if amount is None else amount
    moment.wish = make_wish(remedy, amount, moment.case.count("wishes") + 1)


def _wants_coupon(moment: Moment) -> bool:
    return moment.who.role == "buyer" or buyer_wish(moment.case).remedy == "coupon"


def _wish(moment: Moment) -> None:
    _read_wish(moment, decidable(moment.case.reason))


def _request(moment: Moment) -> None:
    _read_wish(moment, REASON_ROWS[moment.case.reason].remedies)


def _not_worse(moment: Moment) -> None:
    """A new offer is at least as good for the buyer as the one that stands."""
    old, new = standing(moment.case, "seller"), moment.wish
    if old is None or new is None:
        return
    before, now = ORDER_OF_WORTH.index(old.wish.remedy), ORDER_OF_WORTH.index(new.remedy)
    possible = min(old.wish.amount or 0, left(moment))  # what came back outside is not owed twice
    less = (new.amount or 0) < possible
    if now < before or (less and (is_money(new.remedy) or now == before)):
        raise Invalid("case_offer_worse")


def _same_version(moment: Moment, expected: int, required: bool) -> None:
    given = moment.sent.get("offer_version")
    if given is None and not required:
        return
    if not isinstance(given, int) or isinstance(given, bool):
        raise missing("offer_version")
    if given != expected:
        raise Conflict("case_offer_changed", version=expected)


def _wish_version(moment: Moment) -> None:
    _same_version(moment, buyer_wish(moment.case).version, required=False)


def _offer_version(moment: Moment) -> None:
    offer = standing(moment.case, "seller")
    _same_version(moment, offer.version if offer else 0, required=True)


def _proposal_version(moment: Moment) -> None:
    proposal = standing(moment.case, "platform")
    _same_version(moment, proposal.version if proposal else 0, required=True)


def _refund_amount(moment: Moment) -> None:
    amount = read_amount(moment.sent.get("amount"), left(moment))
    if amount == 0:
        raise Invalid("case_amount_unreadable")
    full = amount is None or amount == left(moment)
    wish = make_wish("refund" if full else "part_refund", amount, moment.case.count("wishes") + 1)
    moment.wish = wish if amount is not None else make_wish("refund", left(moment), wish.version)


def _seller_amount(moment: Moment) -> None:
    """What the platform pays a seller whose linked appeal is right."""
    amount = read_amount(moment.sent.get("amount"), moment.case.requested.amount or 0)
    if not amount:
        raise missing("amount")


def _outside_amount(moment: Moment) -> None:
    read_amount(moment.sent.get("amount"), _MOST)


def _one_of(name: str, choices: Collection[str], required: bool = True) -> Check:
    def check(moment: Moment) -> None:
        given = moment.sent.get(name)
        if given is None and not required:
            return
        if not isinstance(given, str) or given not in choices:
            raise missing(name)

    return check


def _some_of(name: str, choices: Collection[str]) -> Check:
    def check(moment: Moment) -> None:
        given = moment.sent.get(name)
        if not isinstance(given, list | tuple) or not given or not set(given) <= set(choices):
            raise missing(name)

    return check


def _photos(moment: Moment) -> None:
    """``photos``: how many pictures came with it (the files themselves are stored beside)."""
    given = moment.sent.get("photos")
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        raise missing("photos")


CHECKS: Mapping[str, tuple[tuple[str, ...], Check]] = {
    "wish": (("remedy", "amount"), _wish),
    "request": (("remedy", "amount"), _request),
    "not_worse": ((), _not_worse),
    "wish_version": (("offer_version",), _wish_version),
    "offer_version": (("offer_version",), _offer_version),
    "proposal_version": (("offer_version",), _proposal_version),
    "refund_amount": (("amount",), _refund_amount),
    "seller_amount": (("amount",), _seller_amount),
    "outside_amount": (("amount",), _outside_amount),
    "party": (("party",), _one_of("party", ("buyer", "seller"))),
    "types": (("types",), _some_of("types", EVIDENCE_TYPES)),
    "rule": (("rule",), _one_of("rule", RULES)),
    "grounds": (("grounds",), _one_of("grounds", APPEAL_GROUNDS)),
    "codes": (("codes",), _some_of("codes", RETURN_CODES)),
    "photos": (("photos",), _photos),
    "method": (("method",), _one_of("method", REFUND_METHODS)),
    "cause": (("cause",), _one_of("cause", HOLD_CAUSES)),
    "channels": (("channels",), _some_of("channels", ("panel", "mail"))),
}


def fields_of_needs(needs: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the fields that the checks read."""
    return tuple(dict.fromkeys(name for need in needs for name in CHECKS[need][0]))
