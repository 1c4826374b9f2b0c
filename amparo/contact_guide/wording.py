"""Reasons and expectations of a channel in the reader's words. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_skeleton

from amparo.contact_guide.rules import Channel, ChatNow
from amparo.contact_guide.words import say
from amparo.help_centre.queries import language_name
from amparo.kernel.languages import FALLBACK, PSEUDO


def reason(channel: Channel, language: str) -> str | None:
    """Why the channel is not offered; None where it is."""
    if channel.reason is None:
        return None
    return say(language, f"reason.{channel.reason}")


def expectation(channel: Channel, language: str, zone: str | None = None) -> str:
    """What to expect from the channel; moments in the reader's time zone where we know it."""
    chat = channel.chat or ChatNow()
    return say(
        language,
        f"expect.{channel.expectation}",
        language=language_name(chat.language or FALLBACK, language),
        wanted=language_name(FALLBACK if language == PSEUDO else language, language),
        waiting=chat.waiting,
        time=_moment(chat.opens_at, language, zone),
        own_time=_moment(chat.own_opens_at, language, zone),
        mailbox=channel.mailbox or "",
    )


def _moment(at: datetime | None, language: str, zone: str | None) -> str:
    if at is None:
        return ""
    known = _zone(zone)
    locale = FALLBACK if language == PSEUDO else language
    told = str(format_skeleton("EHm", at, known, locale=locale))
    return told if zone and known.key != "UTC" else f"{told} UTC"


def _zone(name: str | None) -> ZoneInfo:
    """The reader's zone; what a browser says may be unknown here, or nonsense."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
