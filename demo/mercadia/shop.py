"""What Mercadia's pages show: its own orders, in the words of whoever looks."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime

from amparo.kernel.money import Money
from demo.catalogue import BY_REF, STORE_NAMES
from demo.mercadia.book import Book
from demo.people import LANGUAGES, Person

_LOCALES = Path(__file__).parent / "locales"


@dataclass(frozen=True, slots=True)
class Shop:
    """The marketplace's own order book, as its people see it."""

    book: Book

    def orders_of(self, person: Person) -> list[dict[str, Any]]:
        """What a buyer bought, or what a seller's stores sold; newest first."""
        found = [order for order in self.book.orders() if _concerns(order, person)]
        return sorted(found, key=lambda order: order["placed_at"], reverse=True)

    def order_of(self, person: Person, ref: str) -> dict[str, Any] | None:
        """One order, where it is the person's."""
        return next((order for order in self.orders_of(person) if order["ref"] == ref), None)


def _concerns(order: dict[str, Any], person: Person) -> bool:
    if person.role == "buyer":
        return bool(order["buyer"] == person.ref)
    return any(BY_REF[line["product"]].store in person.stores for line in order["lines"])


@cache
def texts(language: str) -> dict[str, str]:
    """The site's texts."""
    found: dict[str, str] = json.loads((_LOCALES / f"{language}.json").read_text("utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """Texts, amounts and days in one language, for the templates."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        return texts(self.language)[key].format(**values)

    def money(self, cents: int) -> str:
        """An amount in euros."""
        return Money(cents, "EUR").format(self.language)

    def day(self, moment: datetime) -> str:
        """A day, e.g. 3 May 2026."""
        return str(format_date(moment.date(), "long", locale=self.language))

    def moment(self, moment: datetime) -> str:
        """A day and an hour."""
        return str(format_datetime(moment.astimezone(UTC), "d MMM, HH:mm", locale=self.language))

    def title(self, ref: str) -> str:
        """A product's title."""
        return BY_REF[ref].title(self.language)

    def store(self, ref: str) -> str:
        """The name of a product's store."""
        return STORE_NAMES[BY_REF[ref].store]


def chosen_language(cookie: str | None, header: str | None) -> str:
    """The language of a request: the chosen one, else the browser's, else English."""
    if cookie in LANGUAGES:
        return cookie
    for part in (header or "").split(","):
        tag = part.strip()[:2].lower()
        if tag in LANGUAGES:
            return tag
    return LANGUAGES[0]
