"""Setting up teams."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import update
from sqlalchemy.orm import Session

from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, Invalid
from amparo.kernel.ids import derived_id
from amparo.kernel.languages import CONTENT
from amparo.kernel.text import clean
from amparo.routing.actions import save_team
from amparo.routing.assignment_actions import hours_change, stir
from amparo.routing.hours import DAYS
from amparo.routing.models import Team
from amparo.storage.session import hint

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_MOST_TEAMS, _MOST_DATES, _MOST_SPANS = 50, 400, 10
_LONGEST_OVERFLOW_S = 86_400


def set_team(
    session: Session, actor: Actor, key: str, values: Mapping[str, Any], now: datetime
) -> Team:
    """Make or change a team, all of it; those who wait keep their places.

    Args:
        values: the columns of :class:`Team` but its key.

    Raises:
        Forbidden: the actor is no administrator.
        Invalid: a name, a time, a zone or another team's key breaks a rule; the fields are named.
    """
    if not actor.is_administrator:
        raise Forbidden()
    wrong = _wrong(session, key, values)
    if wrong:
        raise Invalid("request_invalid", fields=[{"field": one, "rule": "value"} for one in wrong])
    names = {language: clean(name) for language, name in values["names"].items()}
    save_team(session, {**values, "key": key, "names": names})
    if values["fallback"]:  # there is one fallback
        session.execute(update(Team).where(Team.key != key).values(fallback=False))
    team = session.get_one(Team, key, populate_existing=True)
    hours_change(session, derived_id("team", key), {"team": key}, now)
    hint(session, f"queue:{key}")
    stir(session, "team", now)
    return team


def _wrong(session: Session, key: str, values: Mapping[str, Any]) -> list[str]:
    """The fields that break a rule."""
    helpers = list(values["overflow_to"])
    known = not helpers or all(session.get(Team, one) is not None for one in helpers)
    names, skill = values["names"], values["skill"]
    sound = {
        "key": _KEY.fullmatch(key) is not None,
        "names": 0 < len(names) <= 40 and all(0 < len(clean(one)) <= 80 for one in names.values()),
        "language": values["language"] in CONTENT,
        "skill": skill is None or (0 < len(skill) <= 80 and skill.isprintable()),
        "zone": _is_zone(values["zone"]),
        "week": set(values["week"]) <= set(DAYS) and _are_spans(values["week"]),
        "exceptions": _are_dates(values["exceptions"]) and _are_spans(values["exceptions"]),
        "overflow_to": known and key not in helpers and len(helpers) <= _MOST_TEAMS,
        "overflow_after_s": 0 <= values["overflow_after_s"] <= _LONGEST_OVERFLOW_S,
    }
    return [field for field, good in sound.items() if not good]


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and ZoneInfo(name) is not None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _are_dates(days: Mapping[str, Any]) -> bool:
    try:
        return len(days) <= _MOST_DATES and all(
            date.fromisoformat(day).isoformat() == day for day in days
        )
    except ValueError:
        return False


def _are_spans(days: Mapping[str, Any]) -> bool:
    return all(
        len(spans) <= _MOST_SPANS
        and all(_WALL.fullmatch(a) and _END.fullmatch(b) for a, b in spans)
        for spans in days.values()
    )


_WALL = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_END = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
