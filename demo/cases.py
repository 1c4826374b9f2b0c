"""Cases in several states, told step by step with the verbs that people use.

Each step happens at a time of the past, in its order: a deadline that began then ends when it
would have ended, and what the lists show is what a marketplace of three weeks looks like.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any, Literal

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from amparo.accounts import actions as accounts
from amparo.accounts import queries as accounts_queries
from amparo.cases import actions, evidence_actions, opening_actions
from amparo.cases.models import CaseRow
from amparo.kernel.actor import Actor
from amparo.kernel.ids import derived_id
from amparo.storage.files import Files
from demo.people import LANGUAGES, PEOPLE, STAFF

_WIDTH, _HEIGHT = 640, 420
Name = Literal["ana", "olga", "wei", "marta", "lena"]


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did, so many days ago. ``offer``: it is about the offer on the table."""

    ago: float
    who: Name
    action: str
    data: Mapping[str, Any] = field(default_factory=dict)
    photo: str | None = None
    offer: bool = False


@dataclass(frozen=True, slots=True)
class Tale:
    """A case from its opening on."""

    order: str
    who: Name
    reason: str
    remedy: str
    ago: float
    text: str
    amount: int | None = None
    photo: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()


TALES = (
    Tale(
        "M-3101", "ana", "not_as_described", "part_refund", 4.6,
        "The keys are as quiet as promised, but two of them are grey instead of cream.",
        amount=1500, photo="photos", fields={"differs": "The colour of two keys"},
    ),
    Tale(
        "M-3102", "ana", "warranty", "repair", 3,
        "The left side has been silent since last week. I tried another cable.",
        photo="photos", fields={"fault": "No sound on the left", "fault_date": -10},
        steps=(
            Step(2, "wei", "offer", {
                "remedy": "part_refund", "amount": 2500,
                "text": "We have no spare part at the moment. May we give you part of the price?",
            }),
        ),
    ),
    Tale(
        "M-3201", "olga", "compensation", "part_refund", 9,
        "Коробка была разбита, и на подставке вмятина.", amount=1200, photo="receipt",
        fields={"damage": "packing"},
        steps=(
            Step(8, "wei", "refuse", {"text": "It left our workshop in two layers of cardboard."}),
            Step(5, "olga", "escalate"),
            Step(3, "marta", "take"),
            Step(2.5, "marta", "ask_evidence", {
                "party": "seller", "types": ["carrier_proof"],
                "text": "Please show what the carrier wrote when it took the parcel.",
            }),
        ),
    ),
    Tale(
        "M-3202", "olga", "not_as_described", "return_refund", 6,
        "Стекло поцарапано, хотя часы новые.", photo="photos",
        fields={"differs": "Царапина на стекле"},
        steps=(
            Step(5, "wei", "refuse", {"text": "Each watch is looked at before it is packed."}),
            Step(2, "olga", "escalate"),
        ),
    ),
    Tale(
        "M-3203", "olga", "compensation", "part_refund", 14,
        "Посылка пришла на неделю позже, пришлось купить другую клавиатуру.", amount=2000,
        photo="receipt", fields={"damage": "late"},
        steps=(
            Step(13, "wei", "refuse", {"text": "We sent it on the day we said."}),
            Step(10, "olga", "escalate"),
            Step(9, "marta", "take"),
            Step(8, "marta", "decide", {
                "remedy": "none", "rule": "delivered_proof",
                "reasons": "The carrier's scans show a delivery before the promised day.",
            }),
            Step(4, "olga", "appeal", {
                "grounds": "wrong_fact",
                "text": "Отметка о доставке чужая: подпись не моя.",
            }),
        ),
    ),
    Tale(
        "M-3104", "ana", "not_as_described", "return_refund", 8,
        "They do not fold flat, as the page said they would.", photo="photos",
        fields={"differs": "They do not fold"},
        steps=(
            Step(7, "wei", "accept_request"),
            Step(6, "wei", "label", {"text": "RP 771-R, in any shop of Rápido"}),
        ),
    ),
    Tale(
        "M-3103", "ana", "not_as_described", "part_refund", 30,
        "A scratch on the foot. I would keep it for a little less.", amount=900, photo="photos",
        fields={"differs": "A scratch"},
        steps=(
            Step(29, "wei", "offer", {"remedy": "part_refund", "amount": 700,
                                      "text": "We are sorry about the scratch."}),
            Step(28, "ana", "accept_offer", offer=True),
        ),
    ),
)  # fmt: skip


def tell_cases(session: Session, files: Files | None, now: datetime) -> None:
    """Tell all of them; ``files``: where the photos are kept, None leaves them without bytes."""
    people = {name: _person(session, name, now) for name in ("ana", "olga", "wei")}
    people |= {name: _staff(session, name) for name in ("marta", "lena")}
    for tale in TALES:
        _tell(session, files, tale, people, now)


def _tell(
    session: Session, files: Files | None, tale: Tale, people: Mapping[str, Actor], now: datetime
) -> None:
    buyer, began = people[tale.who], now - timedelta(days=tale.ago)
    ask = opening_actions.Ask(
        id=derived_id("demo case", tale.order),
        order_ref=tale.order,
        line=1,
        reason=tale.reason,
        remedy=tale.remedy,
        amount=tale.amount,
        text=tale.text,
        fields={name: _day(value, began) for name, value in tale.fields.items()},
        files=_photos(session, files, buyer, tale.order, tale.photo, began),
        contacted_at=began - timedelta(days=3),
        contacted_way="store_page",
        language=buyer.language,
    )
    case, _ = opening_actions.open_case(session, buyer, ask, began)
    for number, step in enumerate(tale.steps):
        who, at = people[step.who], now - timedelta(days=step.ago)
        data = dict(step.data) | ({"offer_version": _offered(case)} if step.offer else {})
        photos = _photos(session, files, who, f"{tale.order}/{number}", step.photo, at)
        id = derived_id("demo case", tale.order, str(number))
        act = actions.Act(id, step.action, data, photos)
        case = actions.act(session, who, case.id, act, at)


def _offered(case: CaseRow) -> int:
    """The version of the last offer."""
    return int(case.data["offers"][-1]["wish"]["version"])


def _day(value: object, began: datetime) -> object:
    """A number stands for a day so many days from the opening."""
    return date.isoformat(began.date() + timedelta(days=value)) if type(value) is int else value


def _person(session: Session, name: str, now: datetime) -> Actor:
    known = PEOPLE[name]
    person = accounts.upsert_person(
        session, role=known.role, ref=known.ref, name=known.name, email=known.email,
        language=known.language, fallback_language=LANGUAGES[0], stores=known.stores, now=now,
    )  # fmt: skip
    return Actor(
        person.id, known.role, known.ref, known.name, known.language, store_refs=known.stores
    )


def _staff(session: Session, name: str) -> Actor:
    [email] = [email for email, known, *_ in STAFF if known.lower() == name]
    found = accounts_queries.staff_credential(session, email)
    assert found is not None
    return Actor(found[1].id, "operator", name=found[1].name)


@dataclass(frozen=True, slots=True)
class _Photo:
    data: bytes
    width: int = _WIDTH
    height: int = _HEIGHT
    media_type: str = "image/png"


def _photos(
    session: Session, files: Files | None, who: Actor, about: str, type: str | None, at: datetime
) -> tuple[Any, ...]:
    """A photo of something with a scratch, put in as an upload would be."""
    if type is None:
        return ()
    photo = _Photo(_drawn(type))
    place = evidence_actions.reserve(
        session, who, derived_id("demo photo", about), name=f"{type}.png",
        source=sha256(photo.data).hexdigest(), kind="image", type=type, case_id=None, now=at,
    )  # fmt: skip
    if files is not None:
        files.put(place.id, photo.data)
    evidence_actions.finish(session, place.id, photo, at)
    return (place.id,)


def _drawn(type: str) -> bytes:
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), "#e9e1d6")
    draw = ImageDraw.Draw(picture)
    if type == "receipt":
        draw.rectangle((210, 40, 430, 380), fill="#fffdf8")
        for row in range(9):
            draw.rectangle(
                (235, 80 + 28 * row, 330 + 12 * (row % 3), 88 + 28 * row), fill="#8b8275"
            )
            draw.rectangle((370, 80 + 28 * row, 405, 88 + 28 * row), fill="#8b8275")
    else:
        draw.rounded_rectangle((120, 90, 520, 340), 28, fill="#c08a52")
        draw.line((180, 150, 300, 210, 330, 200, 450, 290), fill="#5b3d22", width=5)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
