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
STICKY_FOR = timedelta(seconds=60)
"""So long of a buyer's wait the operator who served them last is preferred, if here."""
REMEMBER_OPERATOR = timedelta(days=14)
"""Whoever served a buyer longer ago than this is nobody special any more."""
IDLE_AFTER = timedelta(minutes=5)
"""Answered, and nothing said for this long: the conversation takes no capacity any more."""
CAPACITY = 3
"""Conversations that an operator holds at once where nobody has said otherwise."""
MOST_CAPACITY = 50
STICKY_OVER = "sticky_over"
"""Timer of an entry that was kept for the operator who knows the buyer."""
OVERFLOW_DUE = "overflow_due"
"""Timer of an entry that other teams may serve from then on."""
TEAM_HOURS = "team_hours"
"""Timer of a team that people wait for: it opens, or closes."""
IDLE = "conversation_idle"
"""Timer of a conversation that an operator has: is anything said in it still?"""
SNOOZE_OVER = "snooze_over"
"""Timer of a snoozed conversation."""
SHIFT_ENDS = "shift_ends"
"""Timer of an operator's end of shift."""
WAITS_KEPT = timedelta(days=30)
"""How long finished waits are remembered for ranges."""

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
        "skill": None,
        "overflow_to": [],
        "overflow_after_s": 120,
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
        "skill": None,
        "overflow_to": ["support-en"],
        "overflow_after_s": 120,
    },
)
"""One team per language: English always, Russian 07:00-01:00 in Moscow, over midnight (J4)."""


@dataclass(frozen=True, slots=True)
class TeamHours:
    """A team, its language and when it works; with a skill it answers only that topic."""

    key: str
    language: str
    fallback: bool
    schedule: Schedule
    skill: str | None = None


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


def choose_team(
    teams: Iterable[TeamHours], language: str, now: datetime, topic: str | None = None
) -> Choice | None:
    """The team for a buyer: of their own language the one for their topic, then one for
    everything; the fallback language where these are closed, and where that is closed too, the
    first of them until it opens. None where there is no team at all."""
    known = sorted(teams, key=lambda team: team.key)
    own = _fitting((team for team in known if team.language == language), topic)
    helping = _fitting((team for team in known if team.fallback), topic)
    choices = [_choice(team, language, now) for team in (*own, *helping)]
    for choice in choices:
        if choice.opening.open:
            return choice
    return choices[0] if choices else None


def _fitting(teams: Iterable[TeamHours], topic: str | None) -> list[TeamHours]:
    """Those who may answer the topic, the specialists first."""
    fit = [team for team in teams if team.skill is None or team.skill == topic]
    return sorted(fit, key=lambda team: team.skill is None)


def _choice(team: TeamHours, language: str, now: datetime) -> Choice:
    opening = opening_at(team.schedule, now)
    return Choice(team.key, team.language, team.language == language, opening)
