"""Pure decisions about people who may read and not write."""

from datetime import datetime, timedelta
from typing import Final

from amparo.kernel.clock import iso
from amparo.kernel.errors import Forbidden, Invalid, spelled
from amparo.kernel.text import clean, clip, is_blank

BLOCKABLE: Final = ("visitor", "buyer", "seller")
REASON_LIMIT = 300
APPEAL_LIMIT = 1000
LONGEST = timedelta(days=366)
"""An end that lies further away is a mistake; without an end there is none."""

STRIKES = 20
"""A visitor who runs into the limit of messages this often within an hour is held back."""
STRIKES_WITHIN = timedelta(hours=1)
HELD_FOR = timedelta(minutes=15)
AUTOMATIC = "flood"
"""The reason that the program gives; the operators' are in their own words."""


def checked_reason(reason: str) -> str:
    """Why somebody is blocked, for colleagues. Raises Invalid ``block_reason_missing``."""
    words = clean(reason)
    if is_blank(words):
        raise Invalid("block_reason_missing")
    return clip(words, REASON_LIMIT)


def check_until(until: datetime | None, now: datetime) -> None:
    """Raises Invalid ``block_end_invalid``: an end lies in the future, within a year."""
    if until is not None and not now < until <= now + LONGEST:
        raise Invalid("block_end_invalid")


def checked_appeal(text: str) -> str:
    """What a blocked person says to it. Raises Invalid ``message_empty``."""
    words = clean(text)
    if is_blank(words):
        raise Invalid("message_empty")
    return clip(words, APPEAL_LIMIT)


def held_back(until: datetime | None, now: datetime) -> Forbidden:
    """The refusal that a blocked person reads: until when, and what still can be done."""
    if until is None:
        return Forbidden("blocked", until=None, unit="none", count=0)
    seconds = max(1.0, (until - now).total_seconds())
    return Forbidden("blocked", until=iso(until), **spelled(seconds))
