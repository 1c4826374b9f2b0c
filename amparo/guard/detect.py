"""Where a text in normal form gives an e-mail address or a link. Linear in its length.

The text is cut into runs at spaces, brackets, quotes and ideographs. The first foreign address
in a run takes the rest of the run with it: what follows an address belongs to it (a path, a
second address glued on), and so masking can never lay bare a new one.
"""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from amparo.guard.domains import has_known_end, is_own
from amparo.guard.verdict import Kind

_RUN = re.compile('[^\\s<>()\\[\\]{}"«»“”„,;|\u2e80-\ua4cf\uac00-\ud7ff\U00020000-\U0003ffff]+')
_SCHEME = re.compile(r"(?:h(?:tt|xx)ps?|ftps?)://([^/?#\\]*)", re.IGNORECASE)
_NAME = re.compile(r"[\w.-]+")
_LOCAL_BACKWARDS = re.compile(r"[\w.+%-]*+")
_MAIL_DOMAIN = re.compile(r"[\w-]++(?:\.[\w-]++)++")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_PORT = re.compile(r":\d*+\Z")
_WORD = re.compile(r"[^\W_]")
_AFTER = ".!?:'*~-_"
_AROUND_NAME = ".-_"


class Span(NamedTuple):
    """A find in the normal form: half-open, with what it is and the rule that saw it."""

    start: int
    end: int
    kind: Kind
    rule: str


class _Candidate(NamedTuple):
    start: int
    host: str
    kind: Kind
    rule: str


def spans(text: str, own_domains: Collection[str]) -> Iterator[Span]:
    """The addresses in ``text`` that are not the marketplace's own, from left to right."""
    own = frozenset(domain.lower().strip(".") for domain in own_domains)
    for match in _RUN.finditer(text):
        run = match[0]
        if "." not in run and "://" not in run:
            continue
        foreign = [found for found in _candidates(run) if not is_own(found.host, own)]
        if foreign:
            first = min(foreign, key=lambda found: (found.start, found.rule))
            end = match.start() + len(run.rstrip(_AFTER))
            yield Span(match.start() + first.start, end, first.kind, first.rule)


def _candidates(run: str) -> Iterator[_Candidate]:
    yield from _links_with_scheme(run)
    if "@" in run:
        yield from _mail_addresses(run)
    yield from _bare_domains(run)


def _links_with_scheme(run: str) -> Iterator[_Candidate]:
    if "://" not in run:
        return
    backwards = run[::-1]
    for match in _SCHEME.finditer(run):
        if _WORD.search(match[1]):
            # A name before an @ is not the host's; with one, no link is the marketplace's own.
            host = match[1] if "@" in match[1] else _PORT.sub("", match[1])
            glued = _LOCAL_BACKWARDS.match(backwards, len(run) - match.start())
            start = match.start() - (len(glued[0]) if glued else 0)
            yield _Candidate(start, host, Kind.LINK, "link.scheme")


def _mail_addresses(run: str) -> Iterator[_Candidate]:
    done = 0
    for part in run.split("@")[:-1]:
        at = done + len(part)
        done = at + 1
        backwards = _LOCAL_BACKWARDS.match(part[::-1])
        local = part[len(part) - (backwards.end() if backwards else 0) :].lstrip(_AROUND_NAME)
        domain = _MAIL_DOMAIN.match(run, done)
        if not domain or not _WORD.search(local):
            continue
        if any(_LETTERS.match(label) for label in domain[0].split(".")[1:]):
            host = domain[0].rstrip("-_")
            yield _Candidate(at - len(local), host, Kind.EMAIL, "email.address")


def _bare_domains(run: str) -> Iterator[_Candidate]:
    for match in _NAME.finditer(run):
        name = match[0].strip(_AROUND_NAME)
        labels = name.split(".")
        if has_known_end(labels) or (labels[0].lower() == "www" and len(labels) > 2):
            start = match.start() + len(match[0]) - len(match[0].lstrip(_AROUND_NAME))
            yield _Candidate(start, name, Kind.LINK, "link.domain")
