"""What may be sent with a case at all: known words, bounded texts, the evidence that is needed."""

from collections.abc import Mapping
from typing import Any

from amparo.cases.checks import CHECKS
from amparo.cases.kinds import REASONS, REMEDIES, Reason, Remedy
from amparo.cases.reasons import REASON_ROWS
from amparo.kernel.errors import Invalid
from amparo.kernel.text import clean, graphemes, is_blank

TEXT_LIMIT = 3000
FIELD_LIMIT = 1000
_MOST_FIELDS, _MOST_PARTS = 30, 30
WORDS = ("text", "reasons")
"""Fields that are said to people: their words stand beside the step."""
MACHINE_FIELDS = frozenset(name for names, _ in CHECKS.values() for name in names)
"""Fields that decide something: the audit has them. Any other field stays beside the step."""


def as_reason(given: str) -> Reason:
    """A known reason. Raises Invalid ``case_field_missing``."""
    for reason in REASONS:
        if reason == given:
            return reason
    raise Invalid("case_field_missing", field="reason")


def as_remedy(given: str) -> Remedy:
    """A known remedy. Raises Invalid ``case_remedy_not_possible``."""
    for remedy in REMEDIES:
        if remedy == given:
            return remedy
    raise Invalid("case_remedy_not_possible", remedy=given[:40])


def check_bounds(data: Mapping[str, Any]) -> None:
    """How much may be sent.

    Raises:
        Invalid: ``case_field_too_long`` (``field``, ``limit``).
    """
    if len(data) > _MOST_FIELDS:
        raise Invalid("case_field_too_long", field="data", limit=_MOST_FIELDS)
    for name, value in data.items():
        limit = TEXT_LIMIT if name in WORDS else FIELD_LIMIT
        parts = value if isinstance(value, list | tuple) else [value]
        if len(parts) > _MOST_PARTS:
            raise Invalid("case_field_too_long", field=name, limit=_MOST_PARTS)
        if any(isinstance(one, str) and graphemes(one) > limit for one in parts):
            raise Invalid("case_field_too_long", field=name, limit=limit)


def words_of(data: Mapping[str, Any]) -> str | None:
    """What is said: the first of the texts that says something."""
    for name in WORDS:
        value = data.get(name)
        if isinstance(value, str) and not is_blank(clean(value)):
            return value
    return None


def fields_beside(data: Mapping[str, Any]) -> dict[str, Any]:
    """The filled fields that are no part of the audit."""
    return {
        name: value
        for name, value in data.items()
        if name not in MACHINE_FIELDS and name not in WORDS and value not in (None, "")
    }


def check_evidence(reason: Reason, files: int) -> None:
    """Whether what the reason cannot do without was put in.

    Raises:
        Invalid: ``case_field_missing``.
    """
    needed = [one.type for one in REASON_ROWS[reason].evidence if one.required]
    if needed and not files:
        raise Invalid("case_field_missing", field=needed[0])
