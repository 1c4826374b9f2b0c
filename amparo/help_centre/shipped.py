"""The content that comes with the program: files of this package, read only when they changed."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from amparo.kernel.languages import CONTENT

_FOLDER = Path(__file__).parent / "content"
_FORM = b"1"
"""Raise it when the same files must be loaded again (another table layout)."""


@dataclass(frozen=True, slots=True)
class ShippedText:
    """Title and answer of one question in one language, as we wrote them."""

    question: str
    language: str
    title: str
    body: str | None

    @property
    def hash(self) -> str:
        return text_hash(self.title, self.body)


@dataclass(frozen=True, slots=True)
class Shipped:
    """Everything in the files: rows of the tree, texts, values of the placeholders."""

    topics: list[dict[str, Any]]
    categories: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    texts: list[ShippedText]
    placeholders: dict[str, str]


def text_hash(title: str, body: str | None) -> str:
    """What tells an edited text from a shipped one."""
    return hashlib.blake2b(f"{title}\0{body or ''}".encode(), digest_size=16).hexdigest()


def content_hash(folder: Path = _FOLDER) -> str:
    """One hash over all content files: some milliseconds, at every start of the program."""
    digest = hashlib.blake2b(_FORM, digest_size=16)
    for path in _files(folder):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def read(folder: Path = _FOLDER) -> Shipped:
    """Parse the files; raises KeyError or ValueError where they contradict each other."""
    inventory = tomllib.loads((folder / "inventory.toml").read_text("utf-8"))
    answers = {
        path.name.split(".")[1]: tomllib.loads(path.read_text("utf-8"))
        for path in _files(folder)
        if path.name.startswith("answers.")
    }
    return Shipped(
        topics=[_row(place, item) for place, item in enumerate(inventory["topic"])],
        categories=[
            _row(place, item) | {"topic_key": item["topic"]}
            for place, item in enumerate(inventory["category"])
        ],
        questions=[_question(place, item) for place, item in enumerate(inventory["question"])],
        texts=[
            ShippedText(item["key"], language, item["title"][language], body)
            for item in inventory["question"]
            for language in CONTENT
            for body in (answers.get(language, {}).get(item["key"]),)
        ],
        placeholders={name: item["demo"] for name, item in inventory["placeholder"].items()},
    )


@cache
def units() -> dict[str, dict[str, dict[str, str]]]:
    """Units of time that CLDR lacks: unit -> language -> plural category -> pattern."""
    return tomllib.loads((_FOLDER / "units.toml").read_text("utf-8"))


@cache
def page_words() -> dict[str, dict[str, str]]:
    """Words around the content for content languages that are not interface languages."""
    return tomllib.loads((_FOLDER / "pages.toml").read_text("utf-8"))


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*.toml") if p.stem not in ("pages", "units"))


def _row(place: int, item: dict[str, Any]) -> dict[str, Any]:
    return {"key": item["key"], "place": place, "titles": item["title"]}


def _question(place: int, item: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": item["key"],
        "category_key": item["category"],
        "place": place,
        "channels": item["channels"],
        "actions": item["actions"],
        "needs_order": item["needs"]["order"],
        "needs_sign_in": item["needs"]["signed_in"],
        "mailbox": item.get("mailbox"),
        "case_reason": item.get("reason"),
    }
