"""What can be done to a conversation by a macro or to many at once: one shape for both. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from amparo.desk.rules import NAME_LENGTH, tag_name
from amparo.kernel.errors import Invalid
from amparo.kernel.languages import CONTENT
from amparo.kernel.text import clean

Do = Literal[
    "tag",
    "untag",
    "resolve",
    "snooze",
    "transfer",
    "priority",
    "note",
    "follow",
    "unfollow",
    "take",
    "release",
]
IN_MACROS = ("tag", "untag", "resolve", "snooze", "transfer", "priority", "note", "follow")
DEEDS_OF_MACRO = 10
NOTE_LENGTH = 2_000
TEXT_LENGTH = 4_000
LONGEST_SNOOZE = timedelta(days=90)
AT_ONCE = 100
"""Most conversations of one bulk request."""
LAST = ("transfer", "snooze", "resolve")
"""What takes the conversation out of one's hands: everything else comes before it."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do.

    Attributes:
        minutes: for how long to snooze; ``until`` says it as a moment.
    """

    do: Do
    tag: str | None = None
    team: str | None = None
    operator: UUID | None = None
    note: str | None = None
    priority: int | None = None
    minutes: int | None = None
    until: datetime | None = None


def checked(deed: Deed) -> Deed:
    """The deed with everything that it needs, and nothing unreadable.

    Raises:
        Invalid: ``request_invalid`` with the field that is missing or wrong, or
            ``tag_unreadable``.
    """
    if deed.do in ("tag", "untag"):
        return Deed(deed.do, tag=tag_name(deed.tag or ""))
    if deed.do == "priority" and not (deed.priority and 1 <= deed.priority <= 9):
        raise _wrong("priority")
    if deed.do == "snooze":
        longest = LONGEST_SNOOZE // timedelta(minutes=1)
        if deed.until is None and not (deed.minutes and 1 <= deed.minutes <= longest):
            raise _wrong("minutes")
    if deed.do == "transfer":
        named = deed.team is None or (len(deed.team) <= NAME_LENGTH and deed.team.isprintable())
        if (deed.team is None) == (deed.operator is None) or not named:
            raise _wrong("team")
    note = clean(deed.note or "")
    if deed.do == "note" and not 1 <= len(note) <= NOTE_LENGTH:
        raise _wrong("note")
    return Deed(
        deed.do,
        team=deed.team,
        operator=deed.operator,
        note=note or None,
        priority=deed.priority,
        minutes=deed.minutes,
        until=deed.until,
    )


def in_order(deeds: Sequence[Deed]) -> list[Deed]:
    """As they are done: what ends one's own part comes last."""
    return sorted(deeds, key=lambda deed: LAST.index(deed.do) + 1 if deed.do in LAST else 0)


def of_macro(deeds: Sequence[Deed]) -> list[Deed]:
    """The deeds of a macro, checked.

    Raises:
        Invalid: too many, one that a macro does not do, or two that end one's part.
    """
    if len(deeds) > DEEDS_OF_MACRO:
        raise _wrong("actions")
    found = [checked(deed) for deed in deeds]
    for deed in found:
        if deed.do not in IN_MACROS or deed.until is not None:
            raise _wrong("actions")
    if sum(deed.do in LAST for deed in found) > 1:
        raise _wrong("actions")
    return found


def macro_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """A macro's texts by language, those that are empty left out.

    Raises:
        Invalid: ``request_invalid``: a language that we do not speak, or too long.
    """
    found = {language: clean(text) for language, text in texts.items()}
    for language, text in found.items():
        if language not in CONTENT or len(text) > TEXT_LENGTH:
            raise _wrong(f"texts.{language[:20]}")
    return {language: text for language, text in found.items() if text}


def as_kept(deed: Deed) -> dict[str, Any]:
    """A deed as a row of JSON: only what is said."""
    kept: dict[str, Any] = {"do": deed.do}
    for name in ("tag", "team", "note", "priority", "minutes"):
        if getattr(deed, name) is not None:
            kept[name] = getattr(deed, name)
    if deed.operator is not None:
        kept["operator"] = str(deed.operator)
    return kept


def from_kept(row: Mapping[str, Any]) -> Deed:
    """What :func:`as_kept` wrote."""
    operator = row.get("operator")
    names = ("tag", "team", "note", "priority", "minutes")
    rest = {name: row[name] for name in names if name in row}
    return Deed(row["do"], operator=UUID(operator) if operator else None, **rest)


def _wrong(field: str) -> Invalid:
    return Invalid("request_invalid", fields=[{"field": field, "rule": "value"}])
