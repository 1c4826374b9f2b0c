"""A marketplace with everything somebody must not see, and everybody who might try."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.accounts import actions as accounts
from amparo.accounts import management_actions as management
from amparo.accounts.http import COOKIE
from amparo.conversations import files_actions
from amparo.conversations.models import Conversation
from amparo.conversations.rules import Opening
from amparo.help_centre.actions import load_shipped_content
from amparo.kernel.actor import Actor
from amparo.kernel.ids import derived_id, new_id
from amparo.mail.actions import queue_mail
from amparo.marketplace import actions as marketplace
from amparo.marketplace.requests_actions import Wish, make_request
from amparo.reports.models import EditEffect, Unanswered
from amparo.routing import actions as routing
from amparo.storage.files import Files
from amparo.storage.images import Picture
from amparo.storage.session import Database
from amparo.webhooks.actions import register_endpoint
from amparo.webhooks.models import WebhookDelivery
from amparo.webhooks.rules import PUBLIC_KINDS
from tests.accounts.people import BROWSER, PASSWORD, SITE, claims, make_site, signed
from tests.contracts.canary import CANARY, NOTE_CANARY
from tests.contracts.cases import case_of_ana
from tests.people import say

ORDER = f"ORDER-{CANARY}"
ROLES = (
    "anonymous",
    "ended",
    "visitor",
    "ana",
    "olga",
    "wei",
    "sol",
    "marta",
    "teo",
    "shop",
)
"""Nobody; Ana's session after its end; a visitor; the buyer whose things they are; another buyer;
the seller of the order; another seller; an operator; an administrator; the marketplace's server."""


@dataclass(slots=True)
class Identity:
    """How a role proves itself."""

    actor: Actor | None = None
    token: str = ""
    csrf: str = ""

    @property
    def headers(self) -> dict[str, str]:
        if self.csrf:
            return {"cookie": f"{COOKIE}={self.token}", "x-csrf-token": self.csrf}
        return {"authorization": f"Bearer {self.token}"} if self.token else {}


@dataclass(slots=True)
class World:
    """The database and who is in it."""

    database: Database
    now: datetime
    files: Files
    people: dict[str, Identity] = field(default_factory=dict)
    refused: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Actor:
        actor = self.people[role].actor
        assert actor is not None
        return actor

    def settle(self) -> None:
        """Put everybody and everything there; once."""
        with self.database.transaction() as session:
            make_site(session, self.now)
            load_shipped_content(session, self.now)
            routing.load_default_teams(session)
            for name, role in (("marta", "operator"), ("teo", "administrator")):
                self._staff(session, name, role)
            _, key = management.create_integration_key(session, name="shop", now=self.now)
        self.people |= {"anonymous": Identity(), "shop": Identity(token=key)}
        with self.database.transaction() as session:
            self._trade(session)
        for role in ("visitor", "ana", "olga", "wei", "sol", "marta", "teo"):
            self.people[role] = self.sign_in(role)
        self.people["ended"] = self.sign_in("ana")
        with self.database.transaction() as session:
            ended = self.people["ended"].actor
            assert ended is not None
            accounts.sign_out(session, ended, now=self.now)

    def sign_in(self, role: str) -> Identity:
        """A session of that role's own, apart from the one it has."""
        with self.database.transaction() as session:
            if role == "visitor":
                opened = accounts.start_visitor(
                    session,
                    site_key=SITE,
                    language="en",
                    previous=None,
                    browser=BROWSER,
                    now=self.now,
                )
            elif role in ("marta", "teo"):
                email = f"{role}@mercadia.example"
                opened = accounts.sign_in_staff(
                    session, email=email, password=PASSWORD, browser=BROWSER, now=self.now
                )
            else:
                said = claims(self.now, sub=role, name=role.title(), **_STANDING.get(role, {}))
                opened = accounts.exchange_token(
                    session, site_key=SITE, token=signed(said), browser=BROWSER, now=self.now
                )
        return Identity(opened.actor, opened.token, opened.csrf or "")

    def chat(self, state: str = "bot", owner: str = "ana") -> UUID:
        """A conversation of Ana's, with a note in it, in the given state."""
        id = new_id()
        with self.database.transaction() as session:
            opening = Opening(language="en", site_key=SITE)
            body = f"{CANARY} where is it?" if owner == "ana" else "hello"
            say(session, self[owner], id, body, self.now, opening=opening)
            if state != "bot":
                routing.ask_for_person(session, self[owner], id, self.now)
            if state == "assigned":
                routing.take(session, self["marta"], id, self.now)
            if state == "resolved":
                routing.resolve(session, self[owner], id, self.now)
            say(session, self["marta"], id, f"{NOTE_CANARY} {CANARY}", self.now, kind="note")
        return id

    def talk(self) -> UUID:
        """What Ana and Wei write to each other about Ana's order."""
        id = new_id()
        with self.database.transaction() as session:
            session.add(
                Conversation(
                    id=id,
                    channel="order",
                    state="bot",
                    language="en",
                    buyer_id=self["ana"].person_id,
                    store_ref="store-wei",
                    order_ref=ORDER,
                    created_at=self.now,
                    updated_at=self.now,
                )
            )
            session.flush()
            say(session, self["ana"], id, f"{CANARY} is it blue?", self.now)
            say(session, self["marta"], id, f"{NOTE_CANARY} {CANARY}", self.now, kind="note")
        return id

    def message(
        self, state: str = "bot", *, kind: str = "text", order: bool = False
    ) -> dict[str, UUID]:
        """A message of Ana's, or a note of Marta's, in a conversation of Ana's."""
        chat = self.talk() if order else self.chat("bot" if state == "resolved" else state)
        author = self["marta" if kind == "note" else "ana"]
        with self.database.transaction() as session:
            stored = say(session, author, chat, f"{CANARY} {kind}", self.now, kind=kind)
            if state == "resolved":
                routing.resolve(session, self["ana"], chat, self.now)
        return {"id": chat, "message_id": stored.message_id}

    def stranger(self) -> UUID:
        """A visitor whom nobody misses."""
        actor = self.sign_in("visitor").actor
        assert actor is not None
        return actor.person_id

    def picture(self, *, kind: str = "text", sent: bool = True) -> dict[str, UUID]:
        """A picture in a conversation of Ana's: Ana's own, or in a note of Marta's."""
        chat = self.chat()
        author = self["marta" if kind == "note" else "ana"]
        with self.database.transaction() as session:
            place = files_actions.reserve(
                session, author, chat, new_id(), name=CANARY, source="0", opens=False, now=self.now
            )
            drawn = Picture(b"RIFF of Ana", "image/webp", 20, 10)
            self.files.put(place.id, drawn.data)
            files_actions.finish(session, place.id, drawn, self.now)
            if sent:
                body, files = f"{CANARY} see", (place.id,)
                say(session, author, chat, body, self.now, kind=kind, files=files)
        return {"id": chat, "file_id": place.id}

    def order_request(self) -> UUID:
        """What Ana has asked of her order; one waits for an answer at a time."""
        id = derived_id("world", self.now)
        wish = Wish(id, ORDER, "contact_seller", "en", data={"text": f"{CANARY} is it blue?"})
        with self.database.transaction() as session:
            make_request(session, self["ana"], wish, self.now)
        return id

    def case(self) -> dict[str, UUID]:
        """A case of Ana's about something of Wei's that did not come, with a file and a note."""
        return case_of_ana(self.database, self.files, self["ana"], self["marta"], self.now)

    def mail(self) -> UUID:
        """A mail to Ana."""
        with self.database.transaction() as session:
            return queue_mail(
                session,
                to=f"{CANARY}@mail.example",
                subject="About your order",
                text=CANARY,
                language="en",
                now=self.now,
            )

    def endpoint(self) -> UUID:
        """An address that webhooks are sent to."""
        id = new_id()
        with self.database.transaction() as session:
            register_endpoint(
                session,
                self["teo"],
                id=id,
                url=f"https://93.184.216.34/{id}",
                kinds=[PUBLIC_KINDS[0]],
                allowed_networks=(),
                now=self.now,
            )
        return id

    def delivery(self) -> UUID:
        """A webhook about Ana that was given up."""
        id, endpoint = new_id(), self.endpoint()
        with self.database.transaction() as session:
            session.add(
                WebhookDelivery(
                    id=id,
                    endpoint_id=endpoint,
                    event_id=new_id(),
                    kind=PUBLIC_KINDS[0],
                    payload={"buyer": CANARY},
                    lane=str(endpoint),
                    state="dead",
                    next_at=self.now,
                    created_at=self.now,
                    finished_at=self.now,
                )
            )
        return id

    def unanswered(self) -> UUID:
        """A question that nobody has answered yet."""
        id = new_id()
        with self.database.transaction() as session:
            session.add(
                Unanswered(
                    id=id,
                    text="do you sell zorkmids",
                    language="en",
                    first_at=self.now,
                    last_at=self.now,
                    state="open",
                )
            )
        return id

    def effect(self) -> UUID:
        """What an edit of Teo's would change."""
        id, teo = new_id(), self["teo"].person_id
        with self.database.transaction() as session:
            session.add(EditEffect(id=id, person_id=teo, state="working", made_at=self.now))
        return id

    def _staff(self, session: Session, name: str, role: str) -> None:
        management.create_staff(
            session,
            email=f"{name}@mercadia.example",
            password=PASSWORD,
            name=name.title(),
            role=role,
            languages=["en", "ru", "es"],
            now=self.now,
        )

    def _trade(self, session: Session) -> None:
        stores = [{"ref": f"store-{name}", "name": name} for name in ("wei", "sol")]
        assert not marketplace.import_stores(session, stores, now=self.now).errors
        lamp = {"ref": "lamp", "store": "store-wei", "title": f"Lamp {CANARY}"}
        assert not marketplace.import_products(session, [lamp], now=self.now).errors
        assert not marketplace.import_orders(session, [order(self.now)], now=self.now).errors


def order(now: datetime) -> dict[str, object]:
    """Ana's order of one lamp from Wei's store."""
    return {
        "ref": ORDER,
        "buyer": "ana",
        "state": "paid",
        "placed_at": now.isoformat(),
        "currency": "EUR",
        "lines": [{"position": 1, "product": "lamp", "unit_price": 3500}],
        "payments": [
            {
                "ref": "1",
                "method": "card",
                "amount": 3500,
                "state": "captured",
                "at": now.isoformat(),
            }
        ],
    }


_STANDING: Mapping[str, Mapping[str, object]] = {
    "wei": {"role": "seller", "stores": ["store-wei"]},
    "sol": {"role": "seller", "stores": ["store-sol"]},
}
