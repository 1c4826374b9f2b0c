"""The chain of a case's steps: each link covers its content and the link before it. Pure.

Words of people are not in the chain but their digest is, salted: after an erasure what was said
cannot be guessed from it, and the chain is as whole as before.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

ENTRY = "entry"
"""The key under which the data of a step name the digest of its words."""
GENESIS = "0" * 64
"""What the first link says of the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A transition as the chain has it; ``data`` names the digest of its words as ``entry``."""

    case_id: UUID
    no: int
    at: datetime
    who: str
    who_id: str | None
    event: str
    from_state: str | None
    to_state: str
    policy_version: str
    data: Mapping[str, Any]
    prev_hash: str
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What was said or handed in with a step.

    Attributes:
        files: SHA-256 of each file, hexadecimal.
        erased: nothing but the digest is left.
    """

    step_no: int | None
    text: str | None
    data: Mapping[str, Any]
    files: Sequence[str]
    salt: str
    digest: str
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a chain is whole; ``broken_at`` is the first step that is not what it was."""

    ok: bool
    steps: int
    broken_at: int | None = None


def link_hash(link: Link) -> str:
    """SHA-256 of the link without its own hash, hexadecimal."""
    return _sha(
        {
            "case": str(link.case_id),
            "no": link.no,
            "at": link.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "who": link.who,
            "who_id": link.who_id,
            "event": link.event,
            "from": link.from_state,
            "to": link.to_state,
            "policy": link.policy_version,
            "data": link.data,
            "prev": link.prev_hash,
        }
    )


def words_digest(text: str | None, data: Mapping[str, Any], files: Sequence[str], salt: str) -> str:
    """SHA-256 of what was said and handed in, hexadecimal."""
    return _sha({"text": text, "data": data, "files": sorted(files), "salt": salt})


def verify(links: Sequence[Link], words: Sequence[Words] = ()) -> Verified:
    """Look at a whole chain, from its beginning, and at the words that belong to it.

    Args:
        links: in the order of their numbers.
    """
    before, said = GENESIS, {one.step_no: one for one in words if one.step_no is not None}
    for place, link in enumerate(links, start=1):
        whole = link.no == place and link.prev_hash == before and link.hash == link_hash(link)
        if not whole or not _spoken(link.data.get(ENTRY), said.pop(place, None)):
            return Verified(False, len(links), place)
        before = link.hash
    return Verified(not said, len(links), min(said) if said else None)


def _spoken(digest: object, words: Words | None) -> bool:
    """Words that nobody has any more must have been erased, not lost."""
    if words is None:
        return digest is None
    if words.digest != digest:
        return False
    return words.erased or digest == words_digest(words.text, words.data, words.files, words.salt)


def _sha(content: Mapping[str, Any]) -> str:
    written = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(written.encode()).hexdigest()
