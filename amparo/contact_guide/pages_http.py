"""The contact guide as public pages: the whole tree, complete without JavaScript."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, quote, urlencode

from fastapi import APIRouter, Body, Query, Request, Response
from markupsafe import Markup
from sqlalchemy.orm import Session

from amparo.accounts.queries import sites
from amparo.contact_guide import actions, queries, steps, wording
from amparo.contact_guide.rules import Channel, Situation
from amparo.contact_guide.steps import Guide, Step
from amparo.contact_guide.words import say
from amparo.help_centre import answering_http as answering
from amparo.help_centre import queries as help_centre
from amparo.help_centre.rules import Answer
from amparo.kernel.errors import Problem
from amparo.kernel.ids import new_id, parse_id
from amparo.storage.http import Now, Settings, Unit

page_router = APIRouter(tags=["contact_guide"], include_in_schema=False)

_FOLDER = Path(__file__).parent / "templates"
_FORM = "application/x-www-form-urlencoded"
_SAID = {"yes": True, "no": False}
_PATH = "/help/{language}/contact"
Key = Annotated[str | None, Query(max_length=80)]


@dataclass(frozen=True, slots=True)
class Link:
    """A way on: what it says and where it leads."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class WayOut:
    """A channel on the page; ``url`` is None where it cannot be opened from here."""

    channel: str
    expectation: str
    reason: str | None
    url: str | None = None
    label: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and where the chat is: nobody is signed in on these pages."""

    language: str
    root: str
    store: str
    chat: str | None
    now: Situation


@page_router.get(_PATH, operation_id="help_contact")
def help_contact(
    request: Request,
    session: Unit,
    now: Now,
    settings: Settings,
    language: str,
    topic: Key = None,
    category: Key = None,
    question: Key = None,
    helped: Key = None,
    via: Key = None,
) -> Response:
    """One step of the guide; an address that leads nowhere begins at the topics."""
    frame = answering.frame_of(request, session, now, settings, language)
    if frame.language != language:
        return answering.missing_page(request, frame)
    after = via == "assistant"
    places: dict[str | None, steps.Place] = {"yes": "helped", "no": "channels"}
    guide = Guide(frame.topics, queries.asked_by_key(session))
    wanted: steps.Place = places.get(helped, "answer") if question else "topic"
    step = steps.place(Step(wanted, topic, category, question, after_assistant=after), guide)
    reader = _reader(session, frame.root, frame.store, language, now)
    shown = _shown(session, step, guide, reader, now)
    page = answering.framed(_FOLDER, "contact.html", frame, path="contact", index=False, **shown)
    return answering.private_page(page, language)


@page_router.post(_PATH, operation_id="help_contact_said")
def help_contact_said(
    request: Request,
    session: Unit,
    now: Now,
    language: str,
    sent: Annotated[bytes, Body(media_type=_FORM)] = b"",
) -> Response:
    """Keep "did this help?" once, and go on by a redirect.

    Whatever is wrong with the form, its reader is led on: what we count is our matter, not theirs.
    """
    if language not in answering.PAGE_LANGUAGES:
        return Response(status_code=303, headers={"Location": "/help/"})
    fields = _fields(sent)
    question, helped = fields.get("question", "")[:80], fields.get("helped", "")
    if helped not in _SAID:
        helped = "no"
    try:
        limits = request.app.state.limits
        limits.hit("help_rating", limits.address(request))
        id = parse_id(fields.get("id", ""))
        with session.begin_nested():
            said = actions.Feedback(id, question, language, _SAID[helped])
            actions.give_feedback(session, None, said, now)
    except Problem:
        pass
    query = urlencode({"question": question, "helped": helped})
    return Response(status_code=303, headers={"Location": f"/help/{language}/contact?{query}"})


def _reader(session: Session, root: str, store: str, language: str, now: datetime) -> Reader:
    site = next(iter(sites(session)), None)
    chat = f"/panel/?{urlencode({'site': site.key, 'lang': language})}" if site else None
    situation = Situation(
        signed_in=False,
        order_chosen=False,
        chat=queries.chat_now(session, language, now),
        mailboxes=queries.mailboxes(session),
    )
    return Reader(language, root, store, chat, situation)


def _shown(
    session: Session, step: Step, guide: Guide, reader: Reader, now: datetime
) -> dict[str, Any]:
    """What the template needs for a step."""
    answer = None
    if step.question is not None:
        answer = help_centre.answer_for(session, step.question, reader.language, now)
    ways = steps.channels(step, guide, reader.now) if step.place == "channels" else []
    chat = steps.chat(reader.now)
    return {
        "step": step,
        "asks": {"topics": "topic", "topic": "category"}.get(step.place, "question"),
        "links": _links(step, guide, reader) if answer is None else [],
        "trail": _trail(step, guide, reader),
        "answer": answer,
        "body": Markup(help_centre.html(answer.body)) if answer else "",
        "id": new_id(),
        "offered": [_way(one, answer, reader) for one in ways if one.offered],
        "others": [_way(one, answer, reader) for one in ways if not one.offered],
        "person": _way(chat, answer, reader),
        "query": Markup("?" + urlencode(_query(step))) if step.topic else "",
        "tell": partial(say, reader.language),
    }


def _links(step: Step, guide: Guide, reader: Reader) -> list[Link]:
    """The ways on that lead deeper into the tree; the last of them is always a person."""
    ways = steps.ways(step, guide, reader.now)
    return [
        Link(_title(way.to, guide), f"{reader.root}contact?{urlencode(_query(way.to))}")
        for way in ways
        if way.says == "key"
    ]


def _trail(step: Step, guide: Guide, reader: Reader) -> list[Link]:
    """Where one is: the steps before this one."""
    before = [Step()]
    if step.category is not None:
        before.append(Step("topic", step.topic))
    if step.question is not None:
        before.append(Step("category", step.topic, step.category))
    if step.place in ("channels", "helped"):
        before.append(replace(step, place="answer"))
    if step.place == "topics":
        return []
    return [
        Link(
            _title(one, guide) if one.topic else say(reader.language, "page.title"),
            f"{reader.root}contact" + (f"?{urlencode(_query(one))}" if one.topic else ""),
        )
        for one in before
    ]


def _title(step: Step, guide: Guide) -> str:
    topic = next(topic for topic in guide.topics if topic.key == step.topic)
    if step.category is None:
        return topic.title
    category = next(one for one in topic.categories if one.key == step.category)
    if step.question is None:
        return category.title
    return next(ref.title for ref in category.questions if ref.key == step.question)


def _query(step: Step) -> dict[str, str]:
    """The address of a step; with a question its topic and category are known."""
    if step.question is not None:
        said = {"channels": {"helped": "no"}, "helped": {"helped": "yes"}}.get(step.place, {})
        via = {"via": "assistant"} if step.after_assistant else {}
        return {"question": step.question, **said, **via}
    known = {"topic": step.topic, "category": step.category}
    return {name: value for name, value in known.items() if value is not None}


def _way(channel: Channel, answer: Answer | None, reader: Reader) -> WayOut:
    tell = partial(say, reader.language)
    way = WayOut(
        channel.channel,
        wording.expectation(channel, reader.language),
        wording.reason(channel, reader.language),
    )
    if channel.channel in ("chat", "assistant"):
        if reader.chat is None:
            return replace(way, note=tell("page.only_there", store=reader.store))
        label = "page.open_chat" if channel.channel == "chat" else "page.open_assistant"
        return replace(way, url=reader.chat, label=tell(label), note=tell("page.chat_note"))
    if channel.channel == "email" and channel.mailbox:
        subject = f"?subject={quote(answer.title)}" if answer else ""
        label = tell("page.write", mailbox=channel.mailbox)
        return replace(way, url=f"mailto:{quote(channel.mailbox, safe='@')}{subject}", label=label)
    return replace(way, note=tell("page.only_there", store=reader.store))


def _fields(sent: bytes) -> dict[str, str]:
    try:
        read = parse_qs(sent.decode(), max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in read.items()}
