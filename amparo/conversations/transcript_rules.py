"""A conversation as one can keep it: plain text, or a page of its own. Pure.

What is told comes from one party's stream, so what that party may not see is not in it. Names and
texts are strangers' words: in the page all of it is escaped, and the page may load nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_datetime, get_timezone_name

from amparo.kernel.actor import Party
from amparo.kernel.errors import Invalid
from amparo.kernel.languages import FALLBACK, INTERFACE, is_rtl
from amparo.kernel.texts import text

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.3rem}article{margin:1rem 0}p{margin:.2rem 0;white-space:pre-wrap}"
    "header,small,.gone{color:#555}blockquote{margin:.2rem 0;padding-inline-start:.6rem;"
    "border-inline-start:3px solid #999;color:#555}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Told:
    """One message of a transcript.

    Attributes:
        party: whose side spoke; ``assistant`` and ``system`` for ours.
        body: None where it was deleted.
        files: names of what was attached.
    """

    at: datetime
    name: str
    party: str
    body: str | None
    note: bool = False
    quote: str | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who keeps it: language and time zone decide how times are written."""

    language: str
    zone: ZoneInfo
    party: Party


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said, as one party saw it; ``cut`` where the beginning is left out."""

    place: str
    began: datetime
    told: Sequence[Told]
    cut: bool = False


def zone_of(name: str | None) -> ZoneInfo:
    """A time zone by its name in the IANA database; UTC without one.

    Raises:
        Invalid: ``time_zone_unknown``.
    """
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("time_zone_unknown") from None


def told_of(events: Sequence[tuple[str, datetime, Mapping[str, Any]]]) -> list[Told]:
    """The messages among (kind, time, data) of a stream, oldest first.

    A stream says the latest words of a message wherever it tells of it, so nothing is folded.
    """
    gone = {data["message_id"] for kind, _, data in events if kind == "deleted"}
    return [_told(at, data, gone) for kind, at, data in events if kind == "message"]


def _told(at: datetime, data: Mapping[str, Any], gone: set[str]) -> Told:
    author, extra = data["author"], data.get("extra") or {}
    quote = extra.get("quote") or {}
    return Told(
        at=at,
        name=author["name"] or "",
        party=author["party"],
        body=None if data["message_id"] in gone else str(data["body"]),
        note=data["kind"] == "note",
        quote=quote.get("excerpt") or None,
        files=tuple(str(file.get("name") or "") for file in extra.get("files", ())),
    )


def as_text(transcript: Transcript, reader: Reader) -> str:
    """The transcript as plain text."""
    words = _Words(reader)
    parts = [words.title(transcript), words.zone(transcript)]
    if transcript.cut:
        parts.append(words.say("cut"))
    for one in transcript.told:
        lines = [f"{words.when(one.at)}  {words.who(one)}"]
        if one.quote:
            lines += [f"  > {line}" for line in one.quote.split("\n")]
        lines += [f"  {line}" for line in words.body(one).split("\n")]
        lines += [f"  [{file}]" for file in words.files(one)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def as_html(transcript: Transcript, reader: Reader) -> str:
    """The transcript as a page that needs nothing else and can do nothing."""
    words = _Words(reader)
    language = words.language
    direction = "rtl" if is_rtl(language) else "ltr"
    title = escape(words.title(transcript))
    cut = f"<p>{escape(words.say('cut'))}</p>" if transcript.cut else ""
    body = "".join(_article(one, words) for one in transcript.told)
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p><small>{escape(words.zone(transcript))}</small></p>{cut}{body}</body></html>\n"
    )


def _article(one: Told, words: "_Words") -> str:
    quote = f'<blockquote dir="auto">{escape(one.quote)}</blockquote>' if one.quote else ""
    gone = ' class="gone"' if one.body is None else ""
    files = "".join(f'<p dir="auto">[{escape(file)}]</p>' for file in words.files(one))
    return (
        f'<article><header><b dir="auto">{escape(words.who(one))}</b>'
        f' <time datetime="{one.at.isoformat()}">{escape(words.when(one.at))}</time></header>'
        f'{quote}<p dir="auto"{gone}>{escape(words.body(one))}</p>{files}</article>'
    )


class _Words:
    """What is not the speakers' own: names of sides, times, marks."""

    def __init__(self, reader: Reader) -> None:
        self.language = reader.language if reader.language in INTERFACE else FALLBACK
        self._zone, self._party = reader.zone, reader.party

    def say(self, key: str, **values: object) -> str:
        return text(self.language, f"conversations.transcript.{key}", **values)

    def title(self, transcript: Transcript) -> str:
        return self.say("title", site=transcript.place, date=self._written(transcript.began))

    def zone(self, transcript: Transcript) -> str:
        local = transcript.began.astimezone(self._zone)
        name = get_timezone_name(local, locale=self.language)
        return self.say("zone", zone=f"{name} ({self._zone.key})")

    def when(self, at: datetime) -> str:
        return self._written(at, "short")

    def who(self, one: Told) -> str:
        side = "you" if one.party == self._party and not one.name else one.party
        name = one.name if one.name and one.party in ("buyer", "seller", "staff") else ""
        shown = name or self.say(f"party.{side}")
        return self.say("note", name=shown) if one.note else shown

    def body(self, one: Told) -> str:
        return self.say("deleted") if one.body is None else one.body

    def files(self, one: Told) -> list[str]:
        return [self.say("file", name=name or self.say("unnamed")) for name in one.files]

    def _written(self, at: datetime, form: str = "medium") -> str:
        return format_datetime(at, form, tzinfo=self._zone, locale=self.language)
