"""Opening a case: by a buyer, or by a seller whose decision was paid first. Pure."""

from dataclasses import replace
from datetime import datetime

from amparo.cases.case import Agreed, Case, Facts, Opening, Step, Who, Wish
from amparo.cases.checks import read_amount
from amparo.cases.codec import plain
from amparo.cases.engine import open_at
from amparo.cases.kinds import Family, Reason
from amparo.cases.moment import Moment, make_wish, refundable
from amparo.cases.openings import Ask, check_form, why_not
from amparo.cases.policy import Policy
from amparo.cases.reasons import REASON_ROWS, has_amount, is_money
from amparo.cases.table import OPENING
from amparo.kernel.clock import iso
from amparo.kernel.errors import Conflict, Invalid


def openable(
    reason: Reason,
    facts: Facts,
    contacted_at: datetime | None,
    policy: Policy,
    now: datetime,
    *,
    seller_refused: bool = False,
) -> tuple[bool, str | None, datetime | None]:
    """Whether a case of that reason can be opened; if not, why, and from when on it can."""
    terms = policy.at(facts.country, reason)
    why, not_before = why_not(reason, Ask(facts, contacted_at, seller_refused, terms, now))
    return why is None, why, not_before


def open_case(opening: Opening, facts: Facts, policy: Policy, now: datetime, actor: Who) -> Step:
    """Open a case for a buyer.

    Raises:
        Invalid: ``case_remedy_not_possible``, ``case_amount_too_high{max}``,
            ``case_field_missing{field}``.
        Conflict: ``case_too_early{not_before}``, ``case_not_possible{why}``.
    """
    if actor.role not in ("buyer", "system"):
        raise Conflict("case_not_possible", why="not_the_buyer")
    possible, why, not_before = openable(
        opening.reason,
        facts,
        opening.contacted_at,
        policy,
        now,
        seller_refused=opening.seller_refused,
    )
    if not possible:
        if not_before is not None:
            raise Conflict("case_too_early", why=why, not_before=iso(not_before))
        raise Conflict("case_not_possible", why=why)
    wish = _requested(opening, facts)
    check_form(opening)
    return _opened(opening, wish, facts, policy, now, actor)


def _requested(opening: Opening, facts: Facts) -> Wish:
    remedy = opening.remedy
    if remedy not in REASON_ROWS[opening.reason].remedies:
        raise Invalid("case_remedy_not_possible", remedy=str(remedy)[:40])
    most = refundable(facts)
    if not (is_money(remedy) or remedy == "coupon"):
        return make_wish(remedy, None, 1)
    amount = read_amount(opening.amount, most)
    if has_amount(remedy) and not amount:
        raise Invalid("case_field_missing", field="amount")
    if REASON_ROWS[opening.reason].start == "right" and not facts.shipped:
        return make_wish("refund", most, 1)  # nothing has been sent, so nothing comes back
    return make_wish(remedy, most if amount is None else amount, 1)


def _opened(
    opening: Opening, wish: Wish, facts: Facts, policy: Policy, now: datetime, actor: Who
) -> Step:
    row = REASON_ROWS[opening.reason]
    case = blank(opening.id, opening.reason, row.family, wish, facts, policy, now)
    case = replace(case, parent=opening.parent, state=OPENING[row.start])
    if opening.seller_refused:
        case = replace(case, marks=("seller_refused",))
    if row.start == "right":
        case = replace(case, agreed=Agreed(wish, refundable(facts), "right"))
    moment = Moment(case, actor, now, facts, policy.at(facts.country, opening.reason))
    moment.effect("payout_block")
    told = {
        "id": opening.id,
        "reason": opening.reason,
        "family": row.family,
        "remedy": wish.remedy,
        "amount": wish.amount,
        "contacted_at": iso(opening.contacted_at) if opening.contacted_at else None,
        "seller_refused": opening.seller_refused,
        "parent": opening.parent,
        "policy": policy.version,
        "facts": facts.data(),
    }
    return open_at(moment, told)


def open_linked(
    parent: Case, id: str, facts: Facts, policy: Policy, now: datetime, actor: Who
) -> Step:
    """A seller's appeal against a decision that was paid first: about the platform's money.

    Raises:
        Conflict: ``case_not_possible{why}``.
    """
    decision = parent.decision
    if decision is None or "paid_first" not in parent.marks or parent.refund is None:
        raise Conflict("case_not_possible", why="not_paid_first")
    if decision.appeal_until is None or now >= decision.appeal_until:
        raise Conflict("case_not_possible", why="appeal_window")
    wish = Wish("none", parent.refund.amount)
    case = blank(id, parent.reason, "appeal", wish, facts, policy, now)
    case = replace(case, parent=parent.id, state="appeal", decision=decision)
    moment = Moment(case, actor, now, facts, policy.at(facts.country, parent.reason))
    told = {
        "id": id,
        "reason": parent.reason,
        "family": "appeal",
        "amount": parent.refund.amount,
        "decision": plain(decision),
        "parent": parent.id,
        "policy": policy.version,
        "facts": facts.data(),
    }
    return open_at(moment, told)


def blank(
    id: str,
    reason: Reason,
    family: Family,
    wish: Wish,
    facts: Facts,
    policy: Policy,
    now: datetime,
) -> Case:
    """A case before its first transition."""
    return Case(
        id=id,
        reason=reason,
        family=family,
        currency=facts.currency,
        country=facts.country,
        requested=wish,
        state="platform_check",
        no=0,
        opened_at=now,
        entered_at=now,
        changed_at=now,
        policy_version=policy.version,
        known=facts,
        clocks={"opened": now},
        counts={"wishes": 1},
    )
