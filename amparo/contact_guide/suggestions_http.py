"""The table of suggestions as an administrator reads it, and a trial of it."""

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.orm import Session

from amparo.contact_guide import context_rules as rules
from amparo.contact_guide.context_rules import History, Moment, OrderFacts, Row, Told
from amparo.help_centre import queries as help_centre
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound
from amparo.kernel.texts import text
from amparo.storage.http import CurrentActor, Language, Now, Unit

router = APIRouter(prefix="/api/v1/admin/suggestions", tags=["contact_guide"])

State = Literal[
    "unpaid", "paid", "processing", "dispatched", "delivered", "cancelled", "unavailable"
]
Trouble = Literal["late", "unpaid_charged", "listing_removed", "under_warranty", "refund_pending"]
Arrived = Literal["today", "lately", "long_ago"]
_AGES = {
    "today": timedelta(hours=2),
    "lately": timedelta(days=2),
    "long_ago": timedelta(days=30),
}
Names = Annotated[str | None, Query(max_length=500, description="names, commas between them")]


class ConditionOut(BaseModel):
    """A condition and what it means in the reader's words."""

    name: str
    title: str


class OfferOut(BaseModel):
    """A question with its title."""

    key: str
    title: str


class SuggestionRowOut(BaseModel):
    """When all of ``when`` hold, these are offered; a higher priority comes first."""

    when: list[ConditionOut]
    offer: list[OfferOut]
    priority: int


class PageWordsOut(BaseModel):
    """The words in an address that make it a page of this kind."""

    page: str
    title: str
    words: list[str]


class SuggestionTable(BaseModel):
    """The whole table, in the order in which it is read."""

    rows: list[SuggestionRowOut]
    pages: list[PageWordsOut]
    shown: int
    lately_days: int


class TrialOffer(OfferOut):
    """What would be offered and why; ``again``: answered lately, so behind everything else."""

    why: list[ConditionOut]
    again: bool
    shown: bool


class TrialOut(BaseModel):
    """What a buyer in this situation is offered, best first."""

    offered: list[TrialOffer]


@router.get("", operation_id="read_suggestion_table")
def read_suggestion_table(
    session: Unit, actor: CurrentActor, language: Language
) -> SuggestionTable:
    """What is offered when: page, order and history."""
    _administrators_only(actor)
    titles = help_centre.titles(session, language)
    return SuggestionTable(
        rows=[
            SuggestionRowOut(
                when=_conditions(row, language),
                offer=[OfferOut(key=key, title=titles.get(key, key)) for key in row.offer],
                priority=row.priority,
            )
            for row in rules.table()
        ],
        pages=[
            PageWordsOut(page=name, title=_says(f"page_{name}", language), words=list(words))
            for name, words in rules.page_words().items()
        ],
        shown=rules.SUGGESTIONS,
        lately_days=rules.LATELY.days,
    )


@router.get("/trial", operation_id="try_suggestions")
def try_suggestions(
    session: Unit,
    actor: CurrentActor,
    now: Now,
    language: Language,
    page: Annotated[str | None, Query(max_length=2_000)] = None,
    state: State | None = None,
    problem: Trouble | None = None,
    arrived: Arrived | None = None,
    others: Names = None,
    answered: Names = None,
    not_helped: Names = None,
    talking_about: Annotated[str | None, Query(max_length=80)] = None,
) -> TrialOut:
    """What would be offered on this page, for this order, after what was said before.

    ``others``: problems of the buyer's other orders; ``answered`` and ``not_helped``: questions.
    """
    _administrators_only(actor)
    at = now - timedelta(hours=1)
    order = None
    if state is not None:
        order = OrderFacts(state, problem, now - _AGES[arrived] if arrived else None)
    moment = Moment(
        now=now,
        page=page,
        order=order,
        others=[OrderFacts("dispatched", name) for name in _names(others)],
        history=History(
            (
                *(Told(key, at, True) for key in _names(answered)),
                *(Told(key, at, False) for key in _names(not_helped)),
            ),
            talking_about,
        ),
    )
    return TrialOut(offered=_offered(session, moment, language))


def _offered(session: Session, moment: Moment, language: str) -> list[TrialOffer]:
    titles = help_centre.titles(session, language)
    known = [one for one in rules.offered(moment) if one.question in titles]
    return [
        TrialOffer(
            key=one.question,
            title=titles[one.question],
            why=_conditions(one.row, language),
            again=one.again,
            shown=place < rules.SUGGESTIONS,
        )
        for place, one in enumerate(known)
    ]


def _conditions(row: Row, language: str) -> list[ConditionOut]:
    return [ConditionOut(name=name, title=_says(name, language)) for name in row.when]


def _names(text: str | None) -> list[str]:
    return [name for name in (text or "").split(",") if name]


def _says(condition: str, language: str) -> str:
    return text(language, f"contact_guide.when.{condition}")


def _administrators_only(actor: Actor) -> None:
    if not actor.is_administrator:
        raise NotFound()
