"""A stored case as its reader sees it. Pure: everything was loaded before, by ``queries.py``.

What one side may not see is left out here, once, for the screen, the export and the mails: notes,
the answers to private questions of a form, full names of the staff, what belongs to other stores.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args
from uuid import UUID

from amparo.cases import texts
from amparo.cases.case import Case, Offer, Wish
from amparo.cases.fields import evidence_label
from amparo.cases.kinds import Side, stage_of
from amparo.cases.models import CaseEntry, CaseFile, CaseRow, CaseStep
from amparo.cases.moment import buyer_wish, standing
from amparo.cases.views import (
    CaseAuthor,
    CaseDecision,
    CaseEvent,
    CaseEvidence,
    CaseEvidenceAsked,
    CaseEvidenceTypeOut,
    CaseFileOut,
    CaseOffer,
    CaseOutcome,
    CaseRefund,
    CaseStageOut,
    CaseWish,
    Party,
    Stage,
    Viewer,
)
from amparo.kernel.money import Money

PUBLIC_FIELDS = frozenset(
    "differs damage fault fault_date address_checked neighbours_asked carrier".split()
)
"""Answers of a form that the other side reads too; the rest is for the marketplace alone."""
_NEVER_TOLD = frozenset({"route", "warned"})
_STAFF_ONLY = frozenset({"finance_alarm", "review_late"})
_STATEMENTS = frozenset(
    "open answer refuse submit_evidence add_evidence appeal not_fixed return_contest "
    "replacement_contest cannot_ship escalate".split()
)
_SIDES: Mapping[Side, Viewer] = {"buyer": "buyer", "seller": "seller", "platform": "staff"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads, and in which language."""

    viewer: Viewer
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Everything of a case; ``names`` are those of the staff who did something in it."""

    row: CaseRow
    case: Case
    steps: Sequence[CaseStep] = ()
    entries: Sequence[CaseEntry] = ()
    files: Mapping[UUID, Sequence[CaseFile]] = field(default_factory=dict)
    names: Mapping[UUID, str] = field(default_factory=dict)

    def said(self, step: int) -> CaseEntry | None:
        """What was said with a step."""
        return next((one for one in self.entries if one.step_no == step), None)


def money(amount: int | None, stored: Stored) -> Money | None:
    """An amount of the case."""
    return None if amount is None else Money(amount, stored.case.currency)


def wish_words(wish: Wish, stored: Stored, language: str) -> str:
    """A wish as people say it: what, and how much."""
    return _words(wish.remedy, wish.amount, stored, language)


def _words(remedy: str, amount: int | None, stored: Stored, language: str) -> str:
    label = texts.remedy(remedy, language)
    if not amount:
        return label
    shown = Money(amount, stored.case.currency).format(language)
    return texts.said("wish_amount", language, remedy=label, amount=shown)


def params(stored: Stored, language: str) -> dict[str, object]:
    """What every text of this case may name."""
    return {
        "seller": stored.row.store_name or texts.said("by.seller", language),
        "buyer": stored.row.buyer_name or texts.said("by.buyer", language),
        "number": stored.row.number,
        "wish": wish_words(buyer_wish(stored.case), stored, language),
    }


def stages(case: Case, language: str) -> list[CaseStageOut]:
    """The stages as a line of steps; what a case never needs is passed over when it is done."""
    keys: tuple[Stage, ...] = get_args(Stage)
    here = keys.index(stage_of(case.state))
    first = keys.index("check") if case.reason in _CHECKED else keys.index("negotiation")
    shown = [key for place, key in enumerate(keys) if place >= first or place == here]
    return [
        CaseStageOut(
            key,
            texts.said(f"stage.{key}", language),
            done=keys.index(key) < here or (key == "closed" and case.state == "closed"),
            current=keys.index(key) == here,
        )
        for key in shown
    ]


_CHECKED = frozenset({"payment_not_credited", "paid_unavailable", "page_removed"})


def requested(stored: Stored, reader: Reader) -> CaseWish:
    """What the buyer asks for now."""
    wish = buyer_wish(stored.case)
    label = texts.remedy(wish.remedy, reader.language)
    return CaseWish(wish.remedy, label, money(wish.amount, stored))


def on_the_table(stored: Stored, viewer: Viewer) -> Offer | None:
    """The offer that this reader looks at: for a seller first what the buyer asks instead."""
    case = stored.case
    if case.state == "closed" or case.agreed is not None:
        return None
    theirs, counter = standing(case, "seller"), standing(case, "buyer")
    if viewer == "buyer":
        return theirs
    both = [one for one in (theirs, counter) if one is not None]
    return max(both, key=lambda one: one.version, default=None)


def proposal(stored: Stored) -> Offer | None:
    """The marketplace's own proposal, while it can be accepted."""
    return standing(stored.case, "platform") if stored.case.state == "proposed" else None


def offer(one: Offer | None, stored: Stored, reader: Reader) -> CaseOffer | None:
    """An offer as it is shown."""
    if one is None:
        return None
    entry = stored.said(one.step)
    return CaseOffer(
        version=one.version,
        by=_SIDES[one.by],
        remedy=one.wish.remedy,
        label=texts.remedy(one.wish.remedy, reader.language),
        amount=money(one.wish.amount, stored),
        text=_said(entry, reader) if entry else None,
        at=one.at,
        accepted_by=[_SIDES[side] for side in one.accepted_by],
    )


def decision(stored: Stored, reader: Reader) -> CaseDecision | None:
    """The decision with its reasons."""
    made = stored.case.decision
    if made is None:
        return None
    language, entry = reader.language, stored.said(made.step)
    reasons = _said(entry, reader) if entry else None
    return CaseDecision(
        outcome=made.outcome,
        outcome_label=texts.said(f"decided_for.{made.outcome}", language),
        remedy=made.wish.remedy,
        label=texts.remedy(made.wish.remedy, language),
        amount=money(made.wish.amount, stored),
        reasons=reasons or texts.said("decided_by_rule", language),
        rule=made.rule or "",
        rule_label=texts.known("rule", made.rule, language) if made.rule else "",
        at=made.at,
        by=_staff_name(made.by, stored, reader),
        appeal_until=made.appeal_until,
        mode=made.mode,
    )


def refund(stored: Stored, reader: Reader) -> CaseRefund | None:
    """Where the money is."""
    order = stored.case.refund
    if order is None:
        return None
    label = texts.known("refund", order.state, reader.language)
    at = stored.case.closed_at if order.state == "paid" else None
    return CaseRefund(Money(order.amount, stored.case.currency), order.state, label, at)


def outcome(stored: Stored, reader: Reader) -> CaseOutcome | None:
    """How it ended."""
    code = stored.case.outcome
    if code is None:
        return None
    case, language = stored.case, reader.language
    paid = case.refund.amount if case.refund else case.agreed.wish.amount if case.agreed else None
    amount = Money(paid or 0, case.currency).format(language)
    long = texts.maybe(f"outcome_text.{code}", language, amount=amount)
    return CaseOutcome(code, texts.outcome(code, language), long or "")


def timeline(stored: Stored, reader: Reader) -> list[CaseEvent]:
    """What happened, the first first."""
    hidden = _NEVER_TOLD if reader.viewer == "staff" else _NEVER_TOLD | _STAFF_ONLY
    return [_event(step, stored, reader) for step in stored.steps if step.event not in hidden]


def _event(step: CaseStep, stored: Stored, reader: Reader) -> CaseEvent:
    entry = stored.said(step.no)
    return CaseEvent(
        no=step.no,
        at=step.at,
        by=_author(step, stored, reader),
        event=step.event,
        title=_title(step, stored, reader.language),
        text=_text(entry, reader) if entry else None,
        files=files_of(entry, stored) if entry else [],
    )


def _title(step: CaseStep, stored: Stored, language: str) -> str:
    data: Mapping[str, Any] = step.data
    told = params(stored, language) | {
        "to": step.to_state,
        "by": step.who,
        "reason": texts.reason(stored.case.reason, language),
        "wish": _wish_of(step, stored, language),
        "tracking": data.get("tracking", ""),
        "codes": ", ".join(
            texts.known("choice.codes", code, language) for code in data.get("codes", ())
        ),
        "cause": texts.known("choice.cause", str(data.get("cause", "")), language),
    }
    return texts.known("event", step.event, language, **told)


def _wish_of(step: CaseStep, stored: Stored, language: str) -> str:
    made = stored.case.decision
    if made is not None and made.step == step.no:
        return wish_words(made.wish, stored, language)
    for one in stored.case.offers:
        if one.step == step.no:
            return wish_words(one.wish, stored, language)
    remedy, amount = step.data.get("remedy"), step.data.get("amount")
    if isinstance(remedy, str):
        return _words(remedy, amount if isinstance(amount, int) else None, stored, language)
    return wish_words(stored.case.requested, stored, language)


def _author(step: CaseStep, stored: Stored, reader: Reader) -> CaseAuthor:
    language = reader.language
    parties: Mapping[str, Party] = {
        "buyer": "buyer",
        "seller": "seller",
        "operator": "staff",
        "supervisor": "staff",
        "system": "system",
        "timer": "system",
    }
    party = parties.get(step.who, "outside")
    if party == "buyer":
        name = stored.row.buyer_name or texts.said("by.buyer", language)
    elif party == "seller":
        name = stored.row.store_name or texts.said("by.seller", language)
    elif party == "staff":
        name = _staff_name(step.who_id, stored, reader)
    else:
        name = texts.said(f"by.{step.who if party == 'outside' else 'system'}", language)
    return CaseAuthor(party, name)


def _staff_name(id: str | None, stored: Stored, reader: Reader) -> str:
    try:
        name = stored.names.get(UUID(id), "") if id else ""
    except ValueError:
        name = ""
    if not id:
        return texts.said("by.system", reader.language)
    shown = name if reader.viewer == "staff" else texts.first_name(name)
    return shown or texts.said("by.staff", reader.language)


def _said(entry: CaseEntry, reader: Reader) -> str | None:
    if entry.erased_at is not None:
        return texts.said("erased", reader.language)
    return entry.text


def _text(entry: CaseEntry, reader: Reader) -> str | None:
    """The words of an entry, and the answers of its form that this reader may see."""
    lines = [text] if (text := _said(entry, reader)) else []
    for name, value in entry.data.items():
        own = reader.viewer in ("staff", entry.party)
        if (own or name in PUBLIC_FIELDS) and value not in (None, "", False):
            lines.append(_line(name, value, reader.language))
    return "\n".join(lines) or None


def _line(name: str, value: object, language: str) -> str:
    label = texts.known("field", name, language)
    if value is True:
        shown = texts.said("yes", language)
    elif isinstance(value, str):
        named = texts.maybe(f"choice.{name}.{value}", language) if value.isidentifier() else None
        shown = named or value
    else:
        shown = str(value)
    return texts.said("field_line", language, label=label, value=shown)


def files_of(entry: CaseEntry, stored: Stored) -> list[CaseFileOut]:
    """The files that were handed in with it."""
    return [file_out(file) for file in stored.files.get(entry.id, ())]


def file_out(file: CaseFile) -> CaseFileOut:
    """A file that is ready, as it is shown."""
    return CaseFileOut(
        id=file.id,
        name=file.name,
        size=file.size or 0,
        media_type=file.media_type or "application/octet-stream",
        kind="image" if file.kind == "image" else "file",
        type=file.type or "other",
        sha256=file.sha256 or "",
        url=f"/api/v1/cases/files/{file.id}",
        party=file.party,  # type: ignore[arg-type]
        at=file.ready_at or file.created_at,
    )


def evidence(stored: Stored, reader: Reader) -> list[CaseEvidence]:
    """What each side put forward, the first first."""
    found: list[CaseEvidence] = []
    for entry in stored.entries:
        if entry.party == "staff" or entry.kind == "note":
            continue
        by_type: dict[str, list[CaseFileOut]] = {}
        for file in files_of(entry, stored):
            by_type.setdefault(file.type, []).append(file)
        text = _text(entry, reader) if entry.kind in _STATEMENTS else None
        if text:
            found.append(_piece(entry, "statement", text, by_type.pop("statement", []), reader))
        found += [_piece(entry, type, None, files, reader) for type, files in by_type.items()]
    return found


def _piece(
    entry: CaseEntry, type: str, text: str | None, files: list[CaseFileOut], reader: Reader
) -> CaseEvidence:
    return CaseEvidence(
        party=entry.party,  # type: ignore[arg-type]
        type=type,
        type_label=evidence_label(type, reader.language),
        text=text,
        files=files,
        at=entry.at,
    )


def evidence_asked(stored: Stored, reader: Reader) -> CaseEvidenceAsked | None:
    """What an operator waits for."""
    asked = stored.case.evidence_asked
    if asked is None or stored.case.state != f"evidence_{asked.party}":
        return None
    entry = stored.said(asked.step)
    due = [one.due_at for one in stored.case.deadlines if one.event == "evidence_over"]
    return CaseEvidenceAsked(
        party=asked.party,
        types=[
            CaseEvidenceTypeOut(type=one, label=evidence_label(one, reader.language), required=True)
            for one in asked.types
        ],
        text=_said(entry, reader) if entry else None,
        due_at=min(due, default=None),
    )
