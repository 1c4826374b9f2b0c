"""The words of cases, in the reader's language. Pure; the texts lie in ``locales/``."""

from datetime import UTC, datetime
from uuid import UUID

from babel.dates import format_date, format_datetime

from amparo.cases.views import CaseOperator, Turn, Viewer
from amparo.kernel.errors import Problem
from amparo.kernel.languages import FALLBACK, PSEUDO
from amparo.kernel.money import Money
from amparo.kernel.texts import has, text

_OF_VIEWER: dict[Viewer, tuple[Turn, ...]] = {
    "buyer": ("buyer", "both"),
    "seller": ("seller", "both"),
    "staff": ("platform",),
}


def said(key: str, language: str, /, **params: object) -> str:
    """The text ``cases.<key>``."""
    return text(language, f"cases.{key}", **params)


def maybe(key: str, language: str, /, **params: object) -> str | None:
    """The same, or None where there is no such text."""
    return said(key, language, **params) if has(f"cases.{key}") else None


def known(key: str, code: str, language: str, /, **params: object) -> str:
    """The text of a code, or the code itself in plain letters: a policy may bring new ones."""
    found = maybe(f"{key}.{code}", language, **params)
    return found if found is not None else code.replace("_", " ")


def reason(key: str, language: str) -> str:
    """What a case is about."""
    return known("reason", key, language)


def state(key: str, language: str) -> str:
    """Where it stands, in a few words."""
    return known("state", key, language)


def outcome(key: str, language: str) -> str:
    """How it ended, in a few words."""
    return known("outcome", key, language)


def remedy(key: str, language: str) -> str:
    """What is asked for or given."""
    return known("remedy", key, language)


def is_yours(turn: str, viewer: Viewer) -> bool:
    """Whether it is this reader's turn."""
    return turn in _OF_VIEWER[viewer]


def who(turn: str, viewer: Viewer, language: str) -> str:
    """Who must act, said to this reader."""
    alone = is_yours(turn, viewer) and turn != "both"
    return said(f"who.{'you' if alone else turn}", language)


def day(moment: datetime, language: str) -> str:
    """A day as people write it (UTC): for sentences, the exact time stands beside them."""
    plain = FALLBACK if language == PSEUDO else language
    return str(format_date(moment.date(), "long", locale=plain.replace("-", "_")))


def first_name(name: str) -> str:
    """What the parties read of the name of somebody of the staff."""
    return name.split()[0] if name.split() else ""


def operator(id: UUID, name: str, viewer: Viewer) -> CaseOperator:
    """Who has a case: colleagues see whom, the parties only how to address them."""
    if viewer == "staff":
        return CaseOperator(id, name)
    return CaseOperator(None, first_name(name))


def spell(problem: Problem, currency: str, language: str) -> None:
    """Say the values of a refusal as people read them: amounts, moments, names of fields."""
    told = problem.params
    if isinstance(most := told.get("max"), int):
        told["max_shown"] = Money(most, currency).format(language)
    if isinstance(name := told.get("field"), str):
        told["field_shown"] = field(name, language)
    if isinstance(moment := told.get("not_before"), str):
        told["not_before_shown"] = minute(datetime.fromisoformat(moment), language)


def field(name: str, language: str) -> str:
    """A field of a form in words."""
    return maybe(f"field.{name}", language) or known("evidence", name, language)


def minute(moment: datetime, language: str) -> str:
    """A moment to the minute, in UTC and saying so."""
    plain = FALLBACK if language == PSEUDO else language
    shown = format_datetime(moment.astimezone(UTC), "medium", locale=plain.replace("-", "_"))
    return f"{shown} UTC"
