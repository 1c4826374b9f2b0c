"""The stage on which the stories of cases are played: an order for each reason, the people of
both sides and of the marketplace, and a clock that the story turns."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy.orm import Session

from amparo.accounts import management_actions
from amparo.kernel.clock import ManualClock
from amparo.kernel.ids import new_id
from amparo.marketplace import actions as marketplace
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import Database, connect
from tests.accounts.people import PASSWORD, SITE, claims, signed
from tests.conftest import TEMPLATE
from tests.journeys.clocked import Clocked, clocked_server
from tests.journeys.people import MARTA, TEO, Person, arrived, buyer, populate, staff
from tests.pictures import screenshot
from tests.storage.clusters import eventually

LENA = "lena@mercadia.example"
_SESSION = timedelta(minutes=30)
Json = dict[str, Any]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class _Orders:
    """Orders of one buyer, told from one moment in days before it."""

    base: datetime
    lamp: str
    buyer: str
    prefix: str

    def ago(self, days: float) -> datetime:
        return self.base - timedelta(days=days)

    def order(self, name: str, state: str, placed: float, **more: Any) -> Json:
        paid = more.pop("payment", "captured")
        delivered = more.get("delivered_at")
        line = {"position": 1, "product": more.pop("product", self.lamp), "unit_price": 3900}
        if delivered is not None:
            line["warranty_until"] = delivered + timedelta(days=730)
        return {
            "ref": f"{self.prefix}{name}", "buyer": self.buyer, "state": state,
            "placed_at": self.ago(placed), "currency": "EUR", "shipping": 400, "total": 4300,
            "ship_by": self.ago(placed - 3), "deliver_by": self.ago(placed - 8), "lines": [line],
            "payments": [{
                "ref": "1", "method": "card", "amount": 4300, "state": paid, "charged": True,
                "at": self.ago(placed),
            }],
        } | more  # fmt: skip

    def parcel(self, sent: float, delivered: float | None) -> list[Json]:
        return [{
            "ref": "1", "carrier": "Correo Sur", "tracking": "CS 1",
            "dispatched_at": self.ago(sent),
            "state": "in_transit" if delivered is None else "delivered",
            "delivered_at": None if delivered is None else self.ago(delivered),
            "steps": [{"at": self.ago(sent), "text": "Handed over by the store"}],
        }]  # fmt: skip

    def came(self, name: str, placed: float, days: float) -> Json:
        parcels = self.parcel(days + 2, days)
        return self.order(name, "delivered", placed, delivered_at=self.ago(days), parcels=parcels)


def cases_orders(
    base: datetime,
    lamp: str = "lamp",
    gone: str = "shade",
    buyer: str = "buyer-ana",
    prefix: str = "C-",
) -> list[Json]:
    """An order of one lamp for 39.00 and 4.00 for sending it, for each reason for a case.

    Args:
        gone: a product whose page is removed afterwards.
    """
    of = _Orders(base, lamp, buyer, prefix)
    return [
        of.order("unpaid", "unpaid", 2, payment="failed"),
        of.order("unsent", "processing", 10),
        of.order("removed", "processing", 2, product=gone),
        of.order("lost", "dispatched", 20, parcels=of.parcel(17, None)),
        of.came("wrong", 10, 3),
        of.came("worse", 10, 3),
        of.came("damaged", 10, 3),
        of.came("broken", 210, 200),
        of.came("regret", 10, 3),
        of.came("other", 10, 3),
    ]


@dataclass
class Stage:
    """The server, and everybody signed in at it as long as a session lasts.

    Attributes:
        number: each story on one server has an Ana of its own, with orders of her own.
    """

    server: Clocked
    number: int = 0
    _people: dict[str, tuple[datetime, Person]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The server's time."""
        return self.server.clock.now()

    @property
    def ana(self) -> Person:
        """The buyer."""
        name = f"Ana{self.number}"
        return self._present("ana", lambda: buyer(self.server, name, "en", now=self.now))

    @property
    def olga(self) -> Person:
        """Another buyer, whom nothing here concerns."""
        return self._present("olga", lambda: buyer(self.server, "Olga", "ru", now=self.now))

    @property
    def wei(self) -> Person:
        """The seller."""
        return self._present("wei", lambda: seller(self.server, self.now))

    @property
    def marta(self) -> Person:
        """An operator."""
        return self._present("marta", lambda: staff(self.server, MARTA))

    @property
    def lena(self) -> Person:
        """Another operator."""
        return self._present("lena", lambda: staff(self.server, LENA))

    @property
    def teo(self) -> Person:
        """The administrator, who is the supervisor too."""
        return self._present("teo", lambda: staff(self.server, TEO))

    def _present(self, name: str, arrive: Any) -> Person:
        came, person = self._people.get(name, (None, None))
        if person is None or came is None or self.now - came > _SESSION:
            person = arrive()
            self._people[name] = self.now, person
        return person

    def order(self, name: str) -> str:
        """The number of this story's order, by what is wrong with it."""
        return f"C{self.number}-{name}"

    def next_story(self) -> "Stage":
        """The same server for another Ana, whose orders are from now."""
        stage = Stage(self.server, self.number + 1)
        with self.server.database.transaction() as session:
            stage.put_orders(session)
        return stage

    def put_orders(self, session: Session) -> None:
        """An order for each reason, and the page that is removed."""
        own = cases_orders(
            self.now, buyer=f"buyer-ana{self.number}", prefix=f"C{self.number}-"
        )  # fmt: skip
        imported = marketplace.import_orders(session, own, now=self.now)
        assert not imported.errors, imported.errors
        gone = {"ref": "shade", "store": "store-wei", "title": "Lamp shade", "removed_at": self.now}
        assert not marketplace.import_products(session, [gone], now=self.now).errors

    def later(self, **span: float) -> None:
        """Turn the clock on."""
        self.server.advance(timedelta(**span))


def seller(server: Any, now: datetime) -> Person:
    """Wei, sent by the marketplace."""
    said = claims(now, sub="seller-wei", name="Wei", email="wei@example.com", locale="en",
                  role="seller", stores=["store-wei"])  # fmt: skip
    return arrived(server, {"site": SITE, "token": signed(said)})


@dataclass
class Story:
    """One case and how its people go on with it: every step is offered before it is done."""

    stage: Stage
    id: str

    def seen(self, person: Person) -> Json:
        """The case as this person sees it."""
        found: Json = person.get(f"/cases/{self.id}")
        return found

    def offered(self, person: Person) -> set[str]:
        """What this person can do now."""
        return {action["key"] for action in self.seen(person)["actions"]}

    def does(self, person: Person, action: str, *files: str, **data: Any) -> Json:
        """An action that the case offers, with all that it asks for."""
        case = self.seen(person)
        [known] = [one for one in case["actions"] if one["key"] == action] or [None]
        assert known, f"{action} is not offered in {case['state']}: {self.offered(person)}"
        names = [one["name"] for one in known["fields"]]
        assert len(names) == len(set(names)), f"{action} asks twice: {names}"
        attached = {one["name"] for one in known["fields"] if one["kind"] == "files" and files}
        asked = {one["name"] for one in known["fields"] if one["required"]}
        missing = asked - data.keys() - attached
        assert not missing, f"{action} asks for {missing}"
        done: Json = person.do(
            f"/cases/{self.id}/actions", id=str(uuid4()), action=action, data=data,
            files=list(files), version=case["version"],
        )  # fmt: skip
        return done

    def accepts(self, person: Person, action: str) -> Json:
        """Accept exactly what is on the table."""
        case = self.seen(person)
        shown = case["proposal"] if action == "accept_proposal" else case["offer"]
        version = shown["version"] if shown else None
        return self.does(person, action, **({"offer_version": version} if version else {}))

    def refused(self, person: Person, action: str, **data: Any) -> tuple[int, str]:
        """Status and code of an action that is not possible; it changes nothing."""
        before = self.seen(self.stage.ana)["version"]
        body = {"id": str(uuid4()), "action": action, "data": data}
        answer = person.ask("POST", f"/cases/{self.id}/actions", json=body)
        assert self.seen(self.stage.ana)["version"] == before
        return answer.status_code, answer.json().get("code", "")

    def until(self, state: str) -> Json:
        """Wait for what the server does by itself."""
        ana = self.stage.ana
        try:
            eventually(lambda: self.seen(ana)["state"] == state, f"the case is {state}", 15)
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {self.seen(ana)['state']}") from None
        return self.seen(ana)

    def paid_back(self, amount: int) -> None:
        """The money is with the buyer, once and whole, and the case is closed."""
        case = self.until("closed")
        assert case["refund"]["state"] == "paid"
        assert case["refund"]["amount"] == {"amount": amount, "currency": "EUR"}
        assert case["actions"] == []
        for person in (self.stage.ana, self.stage.marta):
            assert person.get(f"/cases/{self.id}/verify")["ok"]

    def events(self, person: Person | None = None) -> list[str]:
        """What happened, in its order."""
        return [one["event"] for one in self.seen(person or self.stage.marta)["timeline"]]


def opened(stage: Stage, name: str, reason: str, remedy: str, **rest: Any) -> Story:
    """A case of Ana's, opened with all that its form asks for."""
    order = stage.order(name)
    form = stage.ana.get(f"/cases/form?order={order}&line=1")
    [chosen] = [one for one in form["reasons"] if one["key"] == reason]
    possible = chosen["possible"] or (chosen["contact_first"] and "contacted" in rest)
    assert possible, f"{reason}: {chosen['why']} {chosen['not_before']}"
    assert remedy in {one["key"] for one in chosen["remedies"]}
    fields = {one["name"]: filled(one) for one in chosen["fields"] if one["required"]}
    files = rest.pop("files", None)
    if files is None:
        needed = [one["type"] for one in chosen["evidence"] if one["required"]]
        files = [uploaded(stage.ana, kind) for kind in needed]
    id = str(new_id())
    case = stage.ana.do(
        "/cases", id=id, order=order, line=1 if chosen["per_line"] else None, reason=reason,
        remedy=remedy, text=rest.pop("text", "Please look at it."),
        fields=fields | rest.pop("fields", {}), files=files, **rest,
    )  # fmt: skip
    assert case["id"] == id
    return Story(stage, id)


def filled(field: Json) -> Any:
    """Something good for a field that must be filled in."""
    kind = field["kind"]
    if kind == "choice":
        return field["choices"][0]["key"]
    if kind == "check":
        return True
    if kind == "date":
        return "2026-04-10"
    if kind in ("amount", "number"):
        return 1000
    return "1234" if (field["max"] or 99) < 10 else "As I said."


def uploaded(person: Person, type: str = "photo", case: str | None = None) -> str:
    """A picture that somebody puts in; returns its id."""
    query = {"client_id": str(uuid4()), "name": "photo.png", "type": type}
    if case is not None:
        query["case"] = case
    headers = {"Content-Type": "image/png"}
    answer = person.ask("POST", "/cases/files", params=query, content=screenshot(), headers=headers)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    found: str = answer.json()["id"]
    return found


def set_up(database: Database, now: datetime) -> None:
    """Everybody and the two stores."""
    populate(database, now)
    with database.transaction() as session:
        management_actions.create_staff(
            session, email=LENA, password=PASSWORD, name="Lena", role="operator",
            languages=["en", "ru"], now=now,
        )  # fmt: skip


@contextmanager
def staged(
    postgres: EmbeddedPostgres, data: Path, clock: ManualClock, **settings: Any
) -> Iterator[Stage]:
    """A stage of the story's own."""
    name = f"cases_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name), pool=2)
    set_up(database, clock.now())
    database.close()
    try:
        with clocked_server(postgres.url(name), data, clock, **settings) as server:
            yield Stage(server)
    finally:
        postgres.drop_database(name)
