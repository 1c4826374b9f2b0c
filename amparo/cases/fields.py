"""The forms of cases: fields with their words, limits and choices, for every reason and action.

Pure. A screen draws what it gets: which field an action has follows from the table of the machine,
and how it is asked stands here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from amparo.cases import texts
from amparo.cases.case import Action, Case
from amparo.cases.moment import buyer_wish, refundable
from amparo.cases.reasons import (
    APPEAL_GROUNDS,
    EVIDENCE_TYPES,
    HOLD_CAUSES,
    REASON_ROWS,
    REFUND_METHODS,
    RETURN_CODES,
    RULES,
    EvidenceType,
    FormField,
    decidable,
)
from amparo.cases.table import ROWS
from amparo.cases.views import CaseChoiceOut, CaseField, FieldKind
from amparo.kernel.money import Money

TEXT_LIMIT = 3000
FILES_LIMIT = 10
_SHORT = 80
WITH_TEXT = frozenset(
    "fixed ask_evidence ask_seller order_refund offer edit_request escalate counter improve "
    "submit_evidence add_evidence reject_proposal label return_contest seller_refund "
    "accept_request other_method hold release settled note".split()
)
"""Actions with which something may be said; where it must be, the table says so."""
MUST_SPEAK = frozenset({"note", "add_evidence", "other_method"})
WITH_FILES = frozenset(
    "answer offer refuse improve counter escalate submit_evidence add_evidence appeal not_fixed "
    "label cannot_ship replacement_contest ask_evidence decide".split()
)
_HIDDEN = frozenset({"offer_version", "channels"})
"""Not asked: the screen knows which offer was seen."""
_OWN_WISH = frozenset({"counter", "edit_request"})


@dataclass(frozen=True, slots=True)
class _Form:
    """For which action of which case, in which language."""

    action: str
    case: Case
    language: str

    def label(self, name: str) -> str:
        return texts.said(f"field.{name}", self.language)

    def help(self, name: str) -> str | None:
        return texts.maybe(f"field_help.{name}", self.language)

    def most(self) -> Money:
        left = refundable(self.case.known, self.case.outside)
        return Money(left, self.case.currency)


def action_fields(action: Action, case: Case, language: str) -> list[CaseField]:
    """The form of an action that is possible now."""
    form = _Form(action.key, case, language)
    found: list[CaseField] = []
    for name in dict.fromkeys(action.fields):
        if name not in _HIDDEN and name not in ("text", "reasons"):
            found += _MAKERS.get(name, _plain)(form, name)
    if action.key == "submit_evidence" and case.evidence_asked is not None:
        found += _asked_files(form, case.evidence_asked.types)
    asked = {field.name for field in found}
    for name in _words(action, case):
        if name not in asked:
            found.append(_long_text(form, name, required=True))
    if action.key in WITH_TEXT and not any(field.kind == "long_text" for field in found):
        found.append(_long_text(form, "text", required=action.key in MUST_SPEAK))
    if action.key in WITH_FILES and not any(field.kind == "files" for field in found):
        found.append(_files(form, "files", required=False))
    return found


def reason_fields(rows: Iterable[FormField], most: Money, language: str) -> list[CaseField]:
    """The questions of a reason's form."""
    return [_asked(row, most, language) for row in rows]


def evidence_label(type: str, language: str) -> str:
    """A kind of evidence in words."""
    return texts.known("evidence", type, language)


def evidence_types(rows: Iterable[EvidenceType], language: str) -> list[tuple[str, str, bool]]:
    """Kinds of evidence with their words, and whether they are required."""
    return [(row.type, evidence_label(row.type, language), row.required) for row in rows]


def _asked(row: FormField, most: Money, language: str) -> CaseField:
    choices = None
    if row.choices:
        choices = [
            CaseChoiceOut(key, texts.said(f"choice.{row.name}.{key}", language))
            for key in row.choices
        ]
    return CaseField(
        name=row.name,
        label=texts.said(f"field.{row.name}", language),
        help=texts.maybe(f"field_help.{row.name}", language),
        kind=row.kind,
        required=row.required,
        choices=choices,
        max=row.max,
        max_amount=None if row.kind != "amount" or row.name == "payment_amount" else most,
    )


def _words(action: Action, case: Case) -> list[str]:
    """The texts that must be there, from the table; ``action.fields`` may name them, too."""
    rows = ROWS.get((case.state, action.key), ())
    names = [name for row in rows for name in row.words]
    names += [name for name in action.fields if name in ("text", "reasons")]
    return list(dict.fromkeys(names))


def _remedy(form: _Form, name: str) -> list[CaseField]:
    if form.action in _OWN_WISH:
        remedies = list(REASON_ROWS[form.case.reason].remedies)
    else:
        wants_coupon = buyer_wish(form.case).remedy == "coupon"
        remedies = [one for one in decidable(form.case.reason) if one != "coupon" or wants_coupon]
        if form.action in ("offer", "improve"):
            remedies = [one for one in remedies if one != "none"]
    choices = [CaseChoiceOut(key, texts.remedy(key, form.language)) for key in remedies]
    return [_choice(form, name, choices)]


def _amount(form: _Form, name: str) -> list[CaseField]:
    outside = form.action in ("release", "settled")
    return [
        CaseField(
            name=name,
            label=form.label(name),
            help=None if outside else form.help(name),
            kind="amount",
            required=form.action == "change" and form.case.family == "appeal",
            max_amount=None if outside else form.most(),
        )
    ]


def _of(choices: Iterable[str], prefix: str, required: bool = True) -> "_Maker":
    def make(form: _Form, name: str) -> list[CaseField]:
        listed = [
            CaseChoiceOut(one, texts.said(f"{prefix}.{one}", form.language)) for one in choices
        ]
        return [_choice(form, name, listed, required)]

    return make


def _checks(choices: Iterable[str], prefix: str) -> "_Maker":
    """Several may be chosen: one box each, named ``field.choice`` (``collected`` reads them)."""

    def make(form: _Form, name: str) -> list[CaseField]:
        return [
            CaseField(
                name=f"{name}.{one}",
                label=texts.said(f"{prefix}.{one}", form.language),
                kind="check",
            )
            for one in choices
        ]

    return make


def collected(data: Mapping[str, object]) -> dict[str, object]:
    """What a form sent, with boxes put together: ``{"codes.used": true}`` is ``codes: [used]``."""
    found: dict[str, object] = {}
    for name, value in data.items():
        field, dot, one = name.partition(".")
        if not dot:
            found[name] = value
        elif value is True:
            chosen = found.setdefault(field, [])
            if isinstance(chosen, list):
                chosen.append(one)
    return found


def _photos(form: _Form, name: str) -> list[CaseField]:
    return [_files(form, name, required=True)]


def _tracking(form: _Form, name: str) -> list[CaseField]:
    return [
        CaseField(name=name, label=form.label(name), kind="text", required=True, max=_SHORT),
        CaseField(name="carrier", label=form.label("carrier"), kind="text", max=_SHORT),
    ]


def _plain(form: _Form, name: str) -> list[CaseField]:
    return [CaseField(name=name, label=form.label(name), kind="text", required=True, max=_SHORT)]


def _choice(
    form: _Form, name: str, choices: list[CaseChoiceOut], required: bool = True
) -> CaseField:
    return CaseField(
        name=name,
        label=form.label(name),
        help=form.help(name),
        kind="choice",
        required=required,
        choices=choices,
    )


def _long_text(form: _Form, name: str, *, required: bool) -> CaseField:
    kind: FieldKind = "long_text"
    return CaseField(
        name=name,
        label=form.label(name),
        help=form.help(name),
        kind=kind,
        required=required,
        max=TEXT_LIMIT,
    )


def _files(form: _Form, name: str, *, required: bool) -> CaseField:
    return CaseField(
        name=name, label=form.label(name), kind="files", required=required, max=FILES_LIMIT
    )


def _asked_files(form: _Form, types: Iterable[str]) -> list[CaseField]:
    return [
        CaseField(name=one, label=evidence_label(one, form.language), kind="files", max=FILES_LIMIT)
        for one in types
    ]


_Maker = Callable[[_Form, str], list[CaseField]]
_MAKERS: Mapping[str, _Maker] = {
    "remedy": _remedy,
    "amount": _amount,
    "party": _of(("buyer", "seller"), "choice.party"),
    "types": _checks(EVIDENCE_TYPES, "evidence"),
    "rule": _of(RULES, "rule"),
    "grounds": _of(APPEAL_GROUNDS, "choice.grounds"),
    "codes": _checks(RETURN_CODES, "choice.codes"),
    "photos": _photos,
    "method": _of(REFUND_METHODS, "choice.method"),
    "cause": _of(HOLD_CAUSES, "choice.cause"),
    "tracking": _tracking,
}
