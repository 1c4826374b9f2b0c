"""What happened before a test looks: conversations in every state, made over HTTP."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from amparo.kernel.ids import new_id
from demo.identity import Identity
from demo.people import PASSWORD, PEOPLE, SITE_KEY
from demo.people import Person as Somebody
from tests.browser.clocked_demo import ClockedDemo
from tests.browser.demo import Demo
from tests.journeys.people import Person, arrived

MARTA, TEO = "marta@mercadia.example", "teo@mercadia.example"


def buyer(
    demo: Demo | ClockedDemo, who: Somebody = PEOPLE["ana"], *, at: datetime | None = None
) -> Person:
    """Somebody whom the marketplace has signed in, without a browser.

    Args:
        at: the server's time where it is not the real one.
    """
    identity = Identity(demo.data / "demo" / "identity.pem")
    token = identity.token(who, who.language, at or datetime.now(UTC))
    return arrived(demo, {"site": SITE_KEY, "token": token})


def staff(demo: Demo, email: str = MARTA) -> Person:
    """Somebody of the staff, without a browser."""
    answer = httpx.post(
        f"{demo.url}/api/v1/staff/sessions",
        json={"email": email, "password": PASSWORD},
        timeout=20,
        trust_env=False,
    )
    assert answer.is_success, answer.text
    cookie = answer.headers["set-cookie"].split(";")[0]
    session = answer.json()
    return Person(demo, {"Cookie": cookie, "X-CSRF-Token": session["csrf"]}, session)


def say(person: Person, conversation: str, body: str, **rest: Any) -> None:
    """Post a message; it must be taken."""
    path = f"/conversations/{conversation}/messages"
    person.do(path, client_id=str(uuid4()), body=body, **rest)


def asked(person: Person, body: str, **about: Any) -> str:
    """A conversation that the assistant answers."""
    conversation = str(new_id())
    opening = {"channel": "chat", "site": SITE_KEY, "language": "en"} | about
    say(person, conversation, body, open=opening)
    return conversation


def waiting(person: Person, body: str, **about: Any) -> str:
    """A conversation in the English queue."""
    conversation = asked(person, body, **about)
    path = f"/conversations/{conversation}/person"
    person.do(path, id=str(uuid4()), language="en", topic=about.get("topic"))
    return conversation


def taken(person: Person, marta: Person, body: str, **about: Any) -> str:
    """A conversation with an operator, a note and an answer in it."""
    conversation = waiting(person, body, **about)
    marta.do(f"/desk/conversations/{conversation}/take")
    say(marta, conversation, "Hello, let me look.")
    path = f"/desk/conversations/{conversation}/notes"
    marta.do(path, client_id=str(uuid4()), body="Has asked before.")
    return conversation


def resolved(person: Person, marta: Person, body: str, **about: Any) -> str:
    """A conversation that an operator has resolved."""
    conversation = taken(person, marta, body, **about)
    marta.do(f"/desk/conversations/{conversation}/resolve", id=str(uuid4()))
    return conversation


def deferred(person: Person, body: str) -> str:
    """A conversation whose buyer does not wait."""
    conversation = waiting(person, body)
    person.do(f"/conversations/{conversation}/defer", id=str(uuid4()))
    return conversation
