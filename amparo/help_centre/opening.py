"""Opening hours as a sentence: for the public pages, which do not know the reader's clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from babel.dates import get_day_names, get_timezone_name

from amparo.help_centre.placeholders import language_name
from amparo.help_centre.words import say
from amparo.kernel.languages import FALLBACK, PSEUDO

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class OpenHours:
    """When people answer in one language; wall times of ``zone``, by weekday of their start."""

    language: str
    always: bool
    zone: str = "UTC"
    week: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)


def sentence(language: str, hours: Sequence[OpenHours]) -> str:
    """All hours in ``language``; empty where nobody ever answers."""
    parts: list[str] = []
    for one in hours:
        spoken = language_name(one.language, language)
        if one.always:
            parts.append(say(language, "hours.always", language=spoken))
        elif any(one.week.values()):
            week = _week(language, one.week)
            zone = _zone(one.zone, language)
            parts.append(say(language, "hours.daily", hours=week, zone=zone, language=spoken))
    return "; ".join(dict.fromkeys(parts))


def _week(language: str, week: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Neighbouring days with the same hours together; no days where all are the same."""
    runs = [
        (list(days), spans)
        for spans, days in groupby(range(7), key=lambda day: tuple(week.get(DAYS[day], ())))
        if spans
    ]
    if len(runs) == 1 and len(runs[0][0]) == 7:
        return _spans(runs[0][1])
    return ", ".join(f"{_days(language, days)} {_spans(spans)}" for days, spans in runs)


def _spans(spans: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{start}–{end}" for start, end in spans)


def _days(language: str, days: Sequence[int]) -> str:
    names = get_day_names("abbreviated", "stand-alone", _tag(language))
    first, last = names[days[0]], names[days[-1]]
    return str(first) if first == last else f"{first}–{last}"


def _zone(zone: str, language: str) -> str:
    if zone == "UTC":
        return zone
    return str(get_timezone_name(zone, "long", zone_variant="generic", locale=_tag(language)))


def _tag(language: str) -> str:
    return FALLBACK if language == PSEUDO else language
