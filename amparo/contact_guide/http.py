"""Routes of the contact guide: what the panel shows first, our suggestion, the ways of contact."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from amparo.accounts.queries import site_by_key
from amparo.contact_guide import actions, queries, wording
from amparo.contact_guide.rules import Channel
from amparo.conversations.rules import CHANNEL_LIMITS, QUESTION_LIMIT
from amparo.help_centre import queries as help_centre
from amparo.help_centre.rules import TopicNode
from amparo.kernel.actor import Actor
from amparo.storage.http import Language, MaybeActor, Now, Unit

router = APIRouter(prefix="/api/v1", tags=["contact_guide"])
OrderRef = Annotated[str | None, Query(max_length=200)]
ASSISTANT = "assistant"
Via = Annotated[
    str | None, Query(max_length=20, description="`assistant`: it has answered this already")
]


class Titled(BaseModel):
    key: str
    title: str


class CategoryOut(Titled):
    questions: list[Titled]


class TopicOut(Titled):
    """A topic with everything below it."""

    categories: list[CategoryOut]

    @classmethod
    def of(cls, node: TopicNode) -> "TopicOut":
        return cls(
            key=node.key,
            title=node.title,
            categories=[
                CategoryOut(
                    key=category.key,
                    title=category.title,
                    questions=[Titled(key=q.key, title=q.title) for q in category.questions],
                )
                for category in node.categories
            ],
        )


class HoursOut(BaseModel):
    """When people answer in one language."""

    language: str
    open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    always: bool


class PanelSite(BaseModel):
    name: str
    languages: list[str]
    accent: str | None = None


class Reader(BaseModel):
    """Who is asking."""

    id: UUID
    role: str
    name: str
    language: str


class StartCase(BaseModel):
    """The buyer's open case that is nearest to its deadline; those that wait for them first."""

    id: UUID
    title: str
    detail: str


class PanelStart(BaseModel):
    """Everything the panel's first view needs, in one answer."""

    site: PanelSite
    person: Reader | None
    suggestions: list[Titled]
    topics: list[TopicOut]
    hours: list[HoursOut]
    question_limit: int
    message_limit: int
    open_conversation: UUID | None
    case: StartCase | None


class Needs(BaseModel):
    order: bool
    signed_in: bool


class GuideAnswer(BaseModel):
    """Our suggestion; ``language`` is the answer's, not always the reader's."""

    key: str
    title: str
    topic: Titled
    category: Titled
    body: str
    html: str
    language: str
    machine: bool
    needs: Needs
    actions: list[str]
    url: str


class ChannelOut(BaseModel):
    """A way of contact; where it is not offered, ``reason`` says why."""

    channel: str
    offered: bool
    reason: str | None
    reason_code: str | None
    expectation: str
    mailbox: str | None = None
    case_reason: str | None = None
    open_now: bool | None = None
    opens_at: datetime | None = None
    waiting: int | None = None
    language: str | None = None

    @classmethod
    def of(cls, channel: Channel, language: str, zone: str | None) -> "ChannelOut":
        chat: dict[str, Any] = {}
        if channel.chat is not None:
            chat = {
                "open_now": channel.chat.open,
                "opens_at": channel.chat.opens_at,
                "waiting": channel.chat.waiting,
                "language": channel.chat.language,
            }
        return cls(
            channel=channel.channel,
            offered=channel.offered,
            reason=wording.reason(channel, language),
            reason_code=channel.reason,
            expectation=wording.expectation(channel, language, zone),
            mailbox=channel.mailbox,
            case_reason=channel.case_reason,
            **chat,
        )


class ChannelsOut(BaseModel):
    """The ways that fit, offered ones first; at least one is offered."""

    channels: list[ChannelOut]


class FeedbackIn(BaseModel):
    """ "Did this help?"; ``id`` is made by the client, sending it twice counts once."""

    helped: bool
    id: UUID
    conversation: UUID | None = None
    order: str | None = Field(default=None, max_length=200)


class FeedbackOut(BaseModel):
    id: UUID
    helped: bool


@router.get("/panel/start", operation_id="panel_start")
def panel_start(
    session: Unit,
    actor: MaybeActor,
    now: Now,
    language: Language,
    site: Annotated[str, Query(max_length=64)],
    page: Annotated[str | None, Query(max_length=2_000)] = None,
    order: OrderRef = None,
) -> PanelStart:
    """What the panel shows when it opens."""
    place = site_by_key(session, site)
    suggested = queries.suggestions(session, actor, language, now, page=page, order_ref=order)
    return PanelStart(
        site=PanelSite(
            name=place.name, languages=list(place.languages), accent=place.brand.get("accent")
        ),
        person=_reader(actor),
        suggestions=[Titled(key=ref.key, title=ref.title) for ref in suggested],
        topics=[TopicOut.of(node) for node in help_centre.tree(session, language)],
        hours=[
            HoursOut(
                language=hours.language,
                open=hours.open,
                opens_at=hours.opens_at,
                closes_at=hours.closes_at,
                always=hours.always,
            )
            for hours in queries.hours(session, now)
        ],
        question_limit=QUESTION_LIMIT,
        message_limit=CHANNEL_LIMITS["chat"],
        open_conversation=queries.open_conversation(session, actor),
        case=_start_case(session, actor, language),
    )


def _start_case(session: Unit, actor: Actor | None, language: str) -> StartCase | None:
    row = queries.case_to_show(session, actor, language)
    return StartCase(id=row.id, title=row.title, detail=row.state_label) if row else None


@router.get("/guide/questions/{key}", operation_id="guide_question")
def guide_question(
    session: Unit,
    actor: MaybeActor,
    now: Now,
    language: Language,
    key: str,
    order: OrderRef = None,
    via: Via = None,
) -> GuideAnswer:
    """Our suggestion for a question; that a known reader saw it is noted in the log."""
    answer = help_centre.answer_for(session, key, language, now)
    facts = answer.facts
    if via != ASSISTANT:
        actions.note_shown(session, actor, facts.key, answer.language, now, order_ref=order)
    return GuideAnswer(
        key=facts.key,
        title=answer.title,
        topic=Titled(key=answer.topic.key, title=answer.topic.title),
        category=Titled(key=answer.category.key, title=answer.category.title),
        body=help_centre.plain(answer.body),
        html=help_centre.html(answer.body),
        language=answer.language,
        machine=False,
        needs=Needs(order=facts.needs_order, signed_in=facts.needs_sign_in),
        actions=list(facts.actions),
        url=f"/help/{language}/{facts.key}",
    )


@router.get("/guide/questions/{key}/channels", operation_id="guide_channels")
def guide_channels(
    session: Unit,
    actor: MaybeActor,
    now: Now,
    language: Language,
    key: str,
    order: OrderRef = None,
    tz: Annotated[str | None, Query(max_length=64, description="the reader's time zone")] = None,
    via: Via = None,
) -> ChannelsOut:
    """After "no, this did not help": the ways that fit this question, best first."""
    found = queries.channels(
        session,
        actor,
        key,
        language,
        now,
        order_ref=order,
        from_assistant=via == ASSISTANT,
    )
    return ChannelsOut(channels=[ChannelOut.of(channel, language, tz) for channel in found])


@router.post(
    "/guide/questions/{key}/feedback",
    operation_id="guide_feedback",
    status_code=201,
    responses={200: {"model": FeedbackOut, "description": "said before; it counts once"}},
)
def guide_feedback(
    session: Unit,
    actor: MaybeActor,
    now: Now,
    language: Language,
    response: Response,
    key: str,
    said: FeedbackIn,
) -> FeedbackOut:
    """Whether the answer helped; repeating it answers 200 and counts nothing."""
    feedback = actions.Feedback(said.id, key, language, said.helped, said.conversation, said.order)
    if not actions.give_feedback(session, actor, feedback, now):
        response.status_code = 200
    return FeedbackOut(id=said.id, helped=said.helped)


def _reader(actor: Actor | None) -> Reader | None:
    if actor is None:
        return None
    return Reader(id=actor.person_id, role=actor.role, name=actor.name, language=actor.language)
