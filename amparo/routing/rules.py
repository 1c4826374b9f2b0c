"""Pure decisions of routing: which team, which place, who is here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from amparo.routing.hours import DAYS, Opening, Schedule, opening_at

NORMAL = 5
"""Priority of an ordinary matter; a smaller number is more urgent."""
_PRIORITY = {"profile_hacked": 1, "payment_unauthorised": 1}
_PRIORITY_OF_TOPIC = {"payment": 4}

PRESENCE_LASTS = timedelta(seconds=90)
"""A connection that was not renewed for this long is dead."""
RECENTLY_ACTIVE = timedelta(seconds=60)
"""Somebody who acted this recently is here even without a live connection."""
ABSENT_AFTER = timedelta(minutes=10)
"""A buyer absent since their turn came is deferred after this time."""
DEFER_ABSENT = "defer_absent"
"""Timer of a buyer whose turn came while away."""
OPERATOR_GONE = "operator_gone"
"""Timer of an operator whose connection broke before the first answer."""
OPERATOR_GONE_AFTER = timedelta(seconds=30)
"""An operator gone this long before the first answer gives the conversation back."""

DEFAULT_TEAMS: tuple[dict[str, Any], ...] = (
    {
        "key": "support-en",
        "language": "en",
        "names": {"en": "Support", "es": "Soporte", "ru": "Поддержка"},
        "fallback": True,
        "zone": "UTC",
        "always": True,
        "week": {},
        "exceptions": {},
    },
    {
        "key": "support-ru",
        "language": "ru",
        "names": {"en": "Support", "es": "Soporte", "ru": "Поддержка"},
        "fallback": False,
        "zone": "Europe/Moscow",
        "always": False,
        "week": {day: [["07:00", "01:00"]] for day in DAYS},
        "exceptions": {},
    },
)
"""One team per language: English always, Russian 07:00-01:00 in Moscow, over midnight (J4)."""


@dataclass(frozen=True, slots=True)
class TeamHours:
    """A team, its language and when it works."""

    key: str
    language: str
    fallback: bool
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Choice:
    """The team that will answer, and whether it does so in the buyer's own language."""

    team: str
    language: str
    own_language: bool
    opening: Opening


def priority_of(topic: str | None, question: str | None) -> int:
    """How urgent a matter is: somebody in the account first, then money, then the rest."""
    if question in _PRIORITY:
        return _PRIORITY[question]
    return _PRIORITY_OF_TOPIC.get(topic or "", NORMAL)


def choose_team(teams: Iterable[TeamHours], language: str, now: datetime) -> Choice | None:
    """The team for a buyer: their own language if it is open, else the fallback language,
    else their own team's queue until it opens; None where there is no team at all."""
    known = sorted(teams, key=lambda team: team.key)
    own = next((team for team in known if team.language == language), None)
    fallback = next((team for team in known if team.fallback), None)
    choices = [_choice(team, language, now) for team in (own, fallback) if team is not None]
    for choice in choices:
        if choice.opening.open:
            return choice
    return choices[0] if choices else None


def _choice(team: TeamHours, language: str, now: datetime) -> Choice:
    opening = opening_at(team.schedule, now)
    return Choice(team.key, team.language, team.language == language, opening)
