"""The policy of cases: one versioned document with every deadline, cap and count. Pure.

A case keeps the version it was opened under. ``Policy.at(country, reason)`` are the terms that
count for one case: the base, then the country's, the reason's and the country's for that reason.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from amparo.cases.calendars import COUNTRIES, add_business_days
from amparo.cases.kinds import REASONS, Reason
from amparo.kernel.errors import Invalid

_SPAN = re.compile(r"([0-9]{1,4})(bd|d|h)")
_CURRENCY = re.compile(r"[A-Z]{3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "silence": ("grant", "review"),
    "payout": ("pay_first", "hold"),
    # "the seller wins" is not offered: silence of everybody would cost the buyer the money
    "over_cap_default": ("request", "last_offer"),
}
_SECTIONS = ("deadlines", "opening", "reminders", "choices", "limits", "caps", "calendar")
_LONGEST = timedelta(days=3650)
_MOST, _CAP_MOST = 1000, 10**12


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: ``count`` of ``h`` hours, ``d`` days of 24 hours or ``bd`` business
    days."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


class Terms:
    """What the policy says for one country and reason."""

    def __init__(self, version: str, merged: Mapping[str, Any]) -> None:
        self.version = version
        self._merged = merged
        calendar = merged["calendar"]
        self._country, self.zone = calendar["country"], calendar["zone"]
        self._extra = frozenset(date.fromisoformat(day) for day in calendar["extra"])
        self._spans = {
            name: _span(text)
            for part in ("deadlines", "opening")
            for name, text in merged[part].items()
        }

    def span(self, name: str) -> Span:
        """A deadline or a span of the opening."""
        return self._spans[name]

    def after(self, name: str, start: datetime) -> datetime:
        """When the span called ``name`` that begins at ``start`` is over; UTC."""
        span = self._spans[name]
        if span.unit == "bd":
            return add_business_days(start, span.count, self._country, self.zone, self._extra)
        return start + timedelta(**{"hours" if span.unit == "h" else "days": span.count})

    def choice(self, name: str) -> str:
        """``silence``, ``payout`` or ``over_cap_default``."""
        return str(self._merged["choices"][name])

    def limit(self, name: str) -> int:
        """How often something may be done."""
        return int(self._merged["limits"][name])

    def cap(self, name: str, currency: str) -> int:
        """An amount in minor units; 0 where the policy does not know the currency."""
        return int(self._merged["caps"][name].get(currency, 0))

    @property
    def reminders(self) -> tuple[int, ...]:
        """Percent of a deadline at which its party is reminded."""
        return tuple(self._merged["reminders"]["at"])

    @property
    def channels(self) -> tuple[str, ...]:
        """On which channels."""
        return tuple(self._merged["reminders"]["channels"])

    def warnings(self) -> tuple[int, int]:
        """Delivered notices, and channels, before an unshipped return may close a case."""
        part = self._merged["reminders"]
        return int(part["warnings"]), int(part["warning_channels"])


@dataclass(frozen=True, slots=True)
class Policy:
    """A checked document."""

    version: str
    document: Mapping[str, Any]
    _terms: dict[tuple[str, str], Terms] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Policy":
        """Check a document.

        Raises:
            Invalid: ``policy_unreadable`` with ``where`` and ``why``.
        """
        version = document.get("version")
        if not isinstance(version, str) or not 1 <= len(version) <= 40:
            raise _wrong("version", "a text of 1 to 40 characters")
        known = {"version", "countries", "reasons", *_SECTIONS}
        _known_keys("", document, known)
        base = {name: document.get(name) for name in _SECTIONS}
        _check_complete(base)
        policy = cls(version, document)
        for where, part in _overrides(document):
            _check_sections(where, part)
        return policy

    def at(self, country: str, reason: Reason) -> Terms:
        """The terms of a case."""
        key = country, reason
        if key not in self._terms:
            self._terms[key] = Terms(self.version, self._merged(country, reason))
        return self._terms[key]

    def _merged(self, country: str, reason: str) -> dict[str, Any]:
        place = self.document.get("countries", {}).get(country, {})
        parts = (
            place,
            self.document.get("reasons", {}).get(reason, {}),
            place.get("reasons", {}).get(reason, {}),
        )
        merged = {name: _copied(self.document[name]) for name in _SECTIONS}
        for part in parts:
            for name in _SECTIONS:
                _lay_over(merged[name], part.get(name, {}))
        return merged


@cache
def load_shipped() -> Policy:
    """The policy that comes with the program."""
    return read_toml((Path(__file__).parent / "policy.toml").read_text("utf-8"))


def read_toml(text: str) -> Policy:
    """A policy from a TOML document.

    Raises:
        Invalid: ``policy_unreadable``.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong("document", str(error)) from None
    return Policy.of(document)


def _copied(value: Any) -> Any:
    return {key: _copied(one) for key, one in value.items()} if isinstance(value, dict) else value


def _lay_over(below: dict[str, Any], above: Mapping[str, Any]) -> None:
    for key, value in above.items():
        if isinstance(value, Mapping):
            _lay_over(below.setdefault(key, {}), value)
        else:
            below[key] = value


def _wrong(where: str, why: str) -> Invalid:
    return Invalid("policy_unreadable", where=where[:120], why=why[:200])


def _known_keys(where: str, part: Any, known: Any) -> None:
    if not isinstance(part, Mapping):
        raise _wrong(where or "document", "a table is needed")
    for key in part:
        if key not in known:
            raise _wrong(f"{where}.{key}".strip("."), "unknown name")


def _overrides(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    found: list[tuple[str, Mapping[str, Any]]] = []
    reasons = document.get("reasons", {})
    countries = document.get("countries", {})
    _known_keys("reasons", reasons, REASONS)
    _known_keys("countries", countries, {name for name in countries if _COUNTRY.fullmatch(name)})
    for reason, part in reasons.items():
        _known_keys(f"reasons.{reason}", part, _SECTIONS)
        found.append((f"reasons.{reason}", part))
    for country, part in countries.items():
        where = f"countries.{country}"
        _known_keys(where, part, (*_SECTIONS, "reasons"))
        found.append((where, {name: one for name, one in part.items() if name != "reasons"}))
        inner = part.get("reasons", {})
        _known_keys(f"{where}.reasons", inner, REASONS)
        for reason, below in inner.items():
            _known_keys(f"{where}.reasons.{reason}", below, _SECTIONS)
            found.append((f"{where}.reasons.{reason}", below))
    return found


def _shipped_document() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "policy.toml").read_text("utf-8"))


def _check_complete(base: Mapping[str, Any]) -> None:
    """The base must say everything that the shipped document says."""
    _check_sections("", base)
    for name, part in _shipped_document().items():
        if name not in _SECTIONS or name == "caps":
            continue
        for key in part:
            if key not in base[name]:
                raise _wrong(f"{name}.{key}", "is missing")
    for cap in _shipped_document()["caps"]:
        if cap not in base["caps"]:
            raise _wrong(f"caps.{cap}", "is missing")


def _check_sections(where: str, part: Mapping[str, Any]) -> None:
    shipped = _shipped_document()
    for name in _SECTIONS:
        values = part.get(name)
        place = f"{where}.{name}".strip(".")
        if values is None and where:
            continue
        _known_keys(place, values, shipped[name])
        for key, value in (values or {}).items():
            _check_value(f"{place}.{key}", name, key, value)


def _check_value(where: str, section: str, key: str, value: Any) -> None:
    if section in ("deadlines", "opening"):
        _check_span(where, value)
    elif section == "choices":
        if value not in _CHOICES[key]:
            raise _wrong(where, f"one of {', '.join(_CHOICES[key])}")
    elif section == "limits":
        _check_count(where, value, _MOST)
    elif section == "caps":
        _known_keys(where, value, {name for name in value if _CURRENCY.fullmatch(str(name))})
        for currency, amount in value.items():
            _check_count(f"{where}.{currency}", amount, _CAP_MOST)
    elif section == "reminders":
        _check_reminders(where, key, value)
    else:
        _check_calendar(where, key, value)


def _check_span(where: str, value: Any) -> None:
    span = _span(value)
    length = timedelta(hours=span.count) if span.unit == "h" else timedelta(days=span.count)
    if not timedelta() < length <= _LONGEST:
        raise _wrong(where, "more than nothing, at most ten years")


def _span(value: Any) -> Span:
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise _wrong(str(value), 'a span like "5d", "3bd" or "48h" is needed')
    return Span(int(found[1]), found[2])


def _check_count(where: str, value: Any, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise _wrong(where, f"a whole number from 0 to {most}")


def _check_reminders(where: str, key: str, value: Any) -> None:
    if key == "at":
        good = isinstance(value, list) and all(type(one) is int and 0 < one < 100 for one in value)
        if not good or value != sorted(set(value)) or len(value) > 5:
            raise _wrong(where, "up to five rising percentages below 100")
    elif key == "channels":
        if not isinstance(value, list) or not value or not set(value) <= {"panel", "mail"}:
            raise _wrong(where, 'a list of "panel" and "mail"')
    else:
        _check_count(where, value, 5)


def _check_calendar(where: str, key: str, value: Any) -> None:
    if key == "country" and value not in ("", *COUNTRIES):
        raise _wrong(where, f"one of {', '.join(COUNTRIES)}, or empty")
    if key == "zone":
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
            raise _wrong(where, "no time zone like Europe/Madrid") from None
    if key == "extra":
        _check_days(where, value)


def _check_days(where: str, value: Any) -> None:
    try:
        for day in value if isinstance(value, list) else [None]:
            date.fromisoformat(day)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise _wrong(where, 'a list of days like "2026-05-04"') from None
