"""Videos in answers: a line ``[video](https://…)``. Pure.

Nothing is asked of the video's host before the reader presses: no picture, no frame, no script.
Hosts that are not listed in the settings are shown as their address, nothing more.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

LINE = re.compile(r"\[video\]\((\S{1,500})\)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"https://[A-Za-z0-9.-]{1,253}(?::\d{1,5})?/[\w./?&=%+~,;:@!$()*#-]*", re.ASCII
)
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_YOUTUBE = ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be")
_YOUTUBE_FRAME = "www.youtube-nocookie.com"
_VIMEO = ("vimeo.com", "www.vimeo.com")
_VIMEO_FRAME = "player.vimeo.com"


@dataclass(frozen=True, slots=True)
class Video:
    """A video that may be shown.

    Attributes:
        address: the page of the video, for readers without JavaScript.
        frame: what is loaded after the press.
        host: whose frame it is, as a source of a Content-Security-Policy.
    """

    address: str
    frame: str
    host: str


def video(address: str, hosts: Sequence[str]) -> Video | None:
    """The video at an address, or None where it is none of the hosts that may show one."""
    if not _ADDRESS.fullmatch(address):
        return None
    parts = urlsplit(address)
    frame = _youtube(address) or _vimeo(address) or address
    host = (urlsplit(frame).netloc).lower()
    if host not in hosts or parts.username is not None:
        return None
    return Video(address, frame, host)


def line_address(line: str) -> str | None:
    """The address in a line that is a video and nothing else."""
    found = LINE.fullmatch(line.strip())
    return found[1] if found else None


def addresses_in(body: str) -> Iterator[str]:
    """Every address that an answer names as a video."""
    for line in body.splitlines():
        address = line_address(line)
        if address is not None:
            yield address


def plain(body: str) -> str:
    """An answer as text for places that show no videos: the address alone."""
    return "\n".join(line_address(line) or line for line in body.splitlines())


def _youtube(address: str) -> str | None:
    parts = urlsplit(address)
    if parts.hostname not in _YOUTUBE:
        return None
    if parts.hostname == "youtu.be":
        name = parts.path.strip("/")
    elif parts.path == "/watch":
        name = parse_qs(parts.query).get("v", [""])[0]
    else:
        name = (
            parts.path.rpartition("/")[2] if parts.path.startswith(("/shorts/", "/embed/")) else ""
        )
    return f"https://{_YOUTUBE_FRAME}/embed/{name}" if _ID.fullmatch(name) else None


def _vimeo(address: str) -> str | None:
    parts = urlsplit(address)
    name = parts.path.strip("/")
    if parts.hostname not in _VIMEO or not name.isdigit():
        return None
    return f"https://{_VIMEO_FRAME}/video/{name}?dnt=1"
