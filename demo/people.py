"""Who can be somebody in the demo."""

from dataclasses import dataclass
from typing import Literal

SITE_KEY = "pk_mercadia_demo"
SITE_NAME = "Mercadia"
LANGUAGES = ("en", "es", "ru")
PAGES = {
    "change_contact_data": "/account/contact",
    "change_language": "/account/language",
    "confirm_contact": "/account/real-contacts",
    "delete_account": "/account/delete",
    "download_invoice": "/account/receipt?order={order}",
    "remove_card": "/account/cards",
    "report_contact": "/account/report",
    "reset_password": "/account/password",
    "retry_payment": "/account/pay?order={order}",
    "secure_account": "/account/security",
    "show_coupons": "/account/coupons",
}
"""The site's own pages for what only it can do: the addresses that Amparo links to."""
SELLER_CASES = "/seller-cases"
"""Where the site sends its sellers to the cases of their stores."""
PASSWORD = "mercadia-demo"
"""Published here, so Amparo accepts it only while it listens on loopback."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be signed in on the site."""

    key: str
    ref: str
    name: str
    role: Literal["buyer", "seller"]
    language: str
    email: str
    stores: tuple[str, ...] = ()


PEOPLE = {
    person.key: person
    for person in (
        Person("ana", "buyer-ana", "Ana", "buyer", "en", "ana@example.com"),
        Person("olga", "buyer-olga", "Olga", "buyer", "ru", "olga@example.com"),
        Person("wei", "seller-wei", "Wei", "seller", "en", "wei@example.com", ("store-wei",)),
    )
}
STAFF = (
    ("marta@mercadia.example", "Marta", "operator", ("en", "ru", "es")),
    ("lena@mercadia.example", "Lena", "operator", ("en", "ru")),
    ("teo@mercadia.example", "Teo", "administrator", ("en", "es")),
)
