"""Puts Mercadia into Amparo, once: the site, its key, the staff, stores, products and orders.

It goes the way a real marketplace goes: the same verbs that the command line and the import
interface call.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from amparo.accounts import management_actions as accounts
from amparo.accounts import queries as accounts_queries
from amparo.accounts.rules import SELLER_PAGE
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound
from amparo.kernel.ids import derived_id
from amparo.marketplace import actions as marketplace
from amparo.marketplace import queries as orders_queries
from amparo.storage.files import Files
from amparo.storage.networks import Network
from amparo.webhooks import actions as webhooks
from amparo.webhooks import queries as webhooks_queries
from amparo.webhooks.rules import PUBLIC_KINDS
from demo.cases import tell_cases
from demo.catalogue import PRODUCTS, REMOVED, STORES, Product
from demo.identity import ISSUER, Identity
from demo.orders import first_ref_and_age, orders
from demo.people import (
    LANGUAGES,
    PAGES,
    PASSWORD,
    SELLER_CASES,
    SITE_KEY,
    SITE_NAME,
    STAFF,
)

ACCENT = "#a5472a"
HOOK = "/webhooks/amparo"
_ADMINISTRATOR = Actor(derived_id("demo", "set-up"), "administrator", name="Mercadia's set-up")


class NotEmpty(Exception):
    """The database holds a marketplace already, and it is not the demo's."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the site has to know after loading."""

    began_at: datetime
    webhook_secret: str
    new: bool


def load(
    session: Session,
    *,
    site: str,
    identity: Identity,
    networks: Sequence[Network],
    now: datetime,
    files: Files | None = None,
) -> Loaded:
    """Load the demo where it is missing, all or nothing; the second time changes nothing.

    Args:
        site: the origin of the demo's site, e.g. ``http://127.0.0.1:8421``.
        networks: the private networks that webhooks may reach.
        files: where the photos of the cases are kept.

    Raises:
        NotEmpty: there is another marketplace in this database.
    """
    if any(known.key != SITE_KEY for known in accounts_queries.sites(session)):
        raise NotEmpty()
    _site(session, site, now)
    accounts.register_key(
        session, site_key=SITE_KEY, kid=identity.kid, issuer=ISSUER, algorithm="EdDSA",
        material=identity.public_pem, now=now,
    )  # fmt: skip
    began_at = _began_at(session, now)
    _staff(session, now)
    if began_at is None:
        _marketplace(session, site, now)
        tell_cases(session, files, now)
    pages = {action: site + path for action, path in PAGES.items()}
    pages[SELLER_PAGE] = site + SELLER_CASES
    accounts.set_pages(session, _ADMINISTRATOR, SITE_KEY, pages, now=now)
    secret = _webhook(session, site + HOOK, networks, now)
    return Loaded(began_at or now, secret, began_at is None)


def integration_key(session: Session, file: Path, now: datetime) -> str:
    """The key with which the site's server calls Amparo; a new one where the file has none."""
    if file.exists():
        known = file.read_text("utf-8").strip()
        if accounts_queries.integration_by_key(session, known) is not None:
            return known
    _, key = accounts.create_integration_key(session, name="Mercadia's server", now=now)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(key)
    return key


def _site(session: Session, origin: str, now: datetime) -> None:
    known = [place for place in accounts_queries.sites(session) if place.key == SITE_KEY]
    origins = list(known[0].origins) if known else []
    if origin in origins:
        return
    accounts.create_site(
        session, key=SITE_KEY, name=SITE_NAME, origins=[*origins, origin], languages=LANGUAGES,
        brand={"accent": ACCENT}, now=now,
    )  # fmt: skip


def _began_at(session: Session, now: datetime) -> datetime | None:
    ref, age = first_ref_and_age()
    try:
        return orders_queries.order_for(session, _ADMINISTRATOR, ref, now=now).placed_at + age
    except NotFound:
        return None


def _staff(session: Session, now: datetime) -> None:
    for email, name, role, languages in STAFF:
        if accounts_queries.staff_credential(session, email) is None:
            accounts.create_staff(
                session, email=email, password=PASSWORD, name=name, role=role,
                languages=languages, now=now,
            )  # fmt: skip


def _marketplace(session: Session, site: str, now: datetime) -> None:
    stores = [{"ref": store.ref, "name": store.name} for store in STORES]
    products = [_product(product, site) for product in (*PRODUCTS, REMOVED)]
    gone = _product(REMOVED, site) | {"removed_at": now - timedelta(days=2)}
    for result in (
        marketplace.import_stores(session, stores, now=now),
        marketplace.import_products(session, products, now=now),
        marketplace.import_orders(session, orders(now), now=now),
        marketplace.import_products(session, [gone], now=now),
    ):
        if result.errors:
            raise AssertionError(f"the demo's own data is refused: {result.errors[0]}")


def _product(product: Product, site: str) -> dict[str, object]:
    return {
        "ref": product.ref,
        "store": product.store,
        "title": product.title("en"),
        "text": product.text("en"),
        "category": product.category,
        "price": {"amount": product.price, "currency": "EUR"},
        "photos": 1,
        "image": f"{site}/pictures/{product.ref}.svg",
        "url": f"{site}/p/{product.ref}",
        "attributes": {"warranty_years": product.warranty_years},
    }


def _webhook(session: Session, url: str, networks: Sequence[Network], now: datetime) -> str:
    """The endpoint's secret; endpoints of other ports of this machine are put to rest."""
    for old in webhooks_queries.endpoints_for(session, _ADMINISTRATOR):
        if old.url != url and old.url.endswith(HOOK) and old.disabled_at is None:
            webhooks.disable_endpoint(session, _ADMINISTRATOR, old.id, now)
    kinds = sorted(PUBLIC_KINDS)
    endpoint = webhooks.register_endpoint(
        session, _ADMINISTRATOR, id=derived_id("demo", url, *kinds), url=url, kinds=kinds,
        allowed_networks=networks, now=now,
    )  # fmt: skip
    if endpoint.disabled_at is not None:
        webhooks.enable_endpoint(session, _ADMINISTRATOR, endpoint.id, now)
    return endpoint.secret
