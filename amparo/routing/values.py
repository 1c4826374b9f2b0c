"""Opening hours as the help centre's texts tell them."""

from collections.abc import Mapping
from datetime import datetime

from babel import Locale
from sqlalchemy.orm import Session

from amparo.kernel import texts
from amparo.kernel.languages import FALLBACK, PSEUDO
from amparo.routing.hours import DAYS, Schedule
from amparo.routing.queries import team_hours
from amparo.routing.rules import TeamHours


def hours_value(session: Session, language: str, _: datetime) -> Mapping[str, str]:
    """``{chat_hours}``: each team's hours, in the reader's language, from the real schedule."""
    tag = FALLBACK if language == PSEUDO else language
    told = [_team(team, tag) for team in team_hours(session)]
    return {"chat_hours": "; ".join(told)} if told else {}


def _team(team: TeamHours, language: str) -> str:
    locale = Locale.parse(language, sep="-")
    name = locale.languages.get(team.language, team.language)
    if team.schedule.always:
        return texts.text(language, "routing.hours.always", language=name)
    return texts.text(
        language,
        "routing.hours.daily",
        language=name,
        spans=", ".join(_spans(team.schedule)),
        zone=team.schedule.zone.rpartition("/")[2].replace("_", " "),
    )


def _spans(schedule: Schedule) -> list[str]:
    """The hours of the first working day; a week with different days names each of them."""
    days = [schedule.week.get(day, []) for day in DAYS]
    if all(spans == days[0] for spans in days):
        return [f"{start}-{end}" for start, end in days[0]]
    return [
        f"{day} " + " ".join(f"{start}-{end}" for start, end in spans)
        for day, spans in zip(DAYS, days, strict=True)
        if spans
    ]
