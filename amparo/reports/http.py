"""Routes of measured help, for administrators: what helped, what nobody knew, what is mixed up."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from amparo.assistant import trial_queries as trials
from amparo.assistant.trial_queries import Edit
from amparo.help_centre import queries as help_centre
from amparo.reports import actions, effects_actions, queries
from amparo.reports.effects_actions import Effect, Effects
from amparo.reports.http_models import (
    AccountOut,
    ChangeOut,
    ConfusedList,
    ConfusedOut,
    DecisionIn,
    EffectIn,
    EffectOut,
    ExampleIn,
    NewQuestionIn,
    OutcomesOut,
    TitledOut,
    UnansweredOut,
    UnansweredPage,
    VerdictOut,
)
from amparo.reports.queries import UnansweredView
from amparo.reports.tables import outcomes_csv
from amparo.storage.http import CurrentActor, Language, Now, Unit

router = APIRouter(prefix="/api/v1/admin", tags=["reports"])

USUAL = timedelta(days=30)
_TEXTS_SHOWN = 5
_PAIRS_SHOWN = 100
State = Literal["open", "example", "question", "dismissed"]
Moment = Annotated[datetime | None, Query(description="with a time zone")]


@router.get("/help/outcomes", operation_id="read_outcomes")
def read_outcomes(
    session: Unit,
    actor: CurrentActor,
    now: Now,
    language: Language,
    since: Moment = None,
    until: Moment = None,
) -> OutcomesOut:
    """What helped: per question, language and step. Without times: the last 30 days."""
    begin, end = _span(since, until, now)
    rows = queries.accounts(session, actor, begin, end)
    titles = help_centre.titles(session, language)
    return OutcomesOut(
        since=begin,
        until=end,
        rows=[
            AccountOut(
                question=_titled(row.question, titles),
                language=row.language,
                step=row.step,
                asked=row.asked,
                open=row.open,
                solved=row.solved,
                not_solved=row.not_solved,
                recontacted=row.recontacted,
                abandoned=row.abandoned,
            )
            for row in rows
        ],
        unanswered=queries.unanswered_count(session, actor),
    )


@router.get(
    "/help/outcomes.csv",
    operation_id="read_outcomes_csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "one row per count"}},
)
def read_outcomes_csv(
    session: Unit,
    actor: CurrentActor,
    now: Now,
    language: Language,
    since: Moment = None,
    until: Moment = None,
) -> Response:
    """The same as a table for other programs."""
    begin, end = _span(since, until, now)
    rows = queries.accounts(session, actor, begin, end)
    text = outcomes_csv(rows, help_centre.titles(session, language))
    headers = {
        "Content-Disposition": f'attachment; filename="outcomes-{end.date().isoformat()}.csv"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/help/unanswered", operation_id="list_unanswered")
def list_unanswered(
    request: Request,
    session: Unit,
    actor: CurrentActor,
    language: Language,
    state: State = "open",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> UnansweredPage:
    """Free questions that were not known, not understood surely, or whose answer did not help."""
    page = queries.unanswered_page(session, actor, state=state, cursor=cursor, limit=limit)
    return UnansweredPage(items=_unanswered(request, session, page.items, language), next=page.next)


@router.post("/help/unanswered/{unanswered_id}/example", operation_id="make_example")
def make_example(
    request: Request,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    language: Language,
    unanswered_id: UUID,
    body: ExampleIn,
) -> UnansweredOut:
    """Teach the assistant that this is how people ask a question."""
    view = actions.make_example(session, actor, unanswered_id, body.question, now)
    return _unanswered(request, session, [view], language)[0]


@router.post("/help/unanswered/{unanswered_id}/question", operation_id="make_question")
def make_question(
    request: Request,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    language: Language,
    unanswered_id: UUID,
    body: NewQuestionIn,
) -> UnansweredOut:
    """Make a new question of it, with its answer."""
    new = actions.NewQuestion(body.category, body.title, body.body)
    view = actions.make_question(session, actor, unanswered_id, new, now)
    return _unanswered(request, session, [view], language)[0]


@router.post("/help/unanswered/{unanswered_id}/dismiss", operation_id="dismiss_unanswered")
def dismiss_unanswered(
    request: Request,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    language: Language,
    unanswered_id: UUID,
    body: DecisionIn,  # noqa: ARG001 - repeating it changes nothing, whatever its id
) -> UnansweredOut:
    """Nothing needs to be answered there."""
    view = actions.dismiss(session, actor, unanswered_id, now)
    return _unanswered(request, session, [view], language)[0]


@router.get("/help/confused", operation_id="list_confused")
def list_confused(
    request: Request, session: Unit, actor: CurrentActor, now: Now, language: Language
) -> ConfusedList:
    """Questions taken for one another: by the assistant's own examples, and by real answers."""
    instead = queries.asked_instead(session, actor, now - 3 * USUAL)
    titles = help_centre.titles(session, language)
    pairs = {
        (one.asked, one.found): one for one in trials.confused(session, _effects(request).library)
    }
    found = [
        ConfusedOut(
            asked=_title(asked, titles),
            found=_title(other, titles),
            count=one.count if one else 0,
            texts=list(one.texts[:_TEXTS_SHOWN]) if one else [],
            instead=instead.get((other, asked), 0),
        )
        for asked, other in dict.fromkeys((*pairs, *((b, a) for a, b in instead)))
        for one in (pairs.get((asked, other)),)
    ]
    found.sort(key=lambda pair: -(pair.count + 2 * pair.instead))
    return ConfusedList(pairs=found[:_PAIRS_SHOWN])


@router.post(
    "/questions/{key}/texts/{lang}/effect", operation_id="try_question_text", status_code=200
)
def try_question_text(
    request: Request,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    key: str,
    lang: str,
    body: EffectIn,
) -> EffectOut:
    """Which stored questions would be answered differently if these words were published.

    An answer that takes longer than a second says ``working``; then read the effect by its id.
    """
    edit = Edit(key, lang, body.title, body.body, tuple(body.examples))
    effects = _effects(request)
    found = effects_actions.try_edit(session, effects, actor, body.id, edit, now)
    return _effect(session, found, actor.language)


@router.get("/effects/{effect_id}", operation_id="read_effect")
def read_effect(session: Unit, actor: CurrentActor, now: Now, effect_id: UUID) -> EffectOut:
    """The effect of an edit, as far as it is known."""
    found = effects_actions.effect_for(session, actor, effect_id, now)
    return _effect(session, found, actor.language)


def _span(
    since: datetime | None, until: datetime | None, now: datetime
) -> tuple[datetime, datetime]:
    """What a time without a zone would mean nobody knows: it is read as UTC."""
    end = _aware(until, now) if until else now
    return (_aware(since, now) if since else end - USUAL), end


def _aware(moment: datetime, now: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)


def _effects(request: Request) -> Effects:
    effects: Effects = request.app.state.effects
    return effects


def _unanswered(
    request: Request, session: Session, views: list[UnansweredView], language: str
) -> list[UnansweredOut]:
    titles = help_centre.titles(session, language)
    texts = [view.text for view in views]
    near = trials.nearest(session, _effects(request).library, texts) if texts else {}
    return [
        UnansweredOut(
            id=view.id,
            text=view.text,
            language=view.language,
            count=view.count,
            first_at=view.first_at,
            last_at=view.last_at,
            state=view.state,
            why=view.why,
            question=_titled(view.question, titles),
            answered=_titled(view.answered, titles),
            instead=_titled(view.instead, titles),
            nearest=[_title(key, titles) for key in near[view.text]],
        )
        for view in views
    ]


def _effect(session: Session, effect: Effect, language: str) -> EffectOut:
    if effect.result is None:
        return EffectOut(id=effect.id, state=effect.state)
    titles = help_centre.titles(session, language)
    changed = [
        ChangeOut(
            text=change["text"],
            language=change["language"],
            example=change["example"],
            before=_verdict(change["before"], titles),
            after=_verdict(change["after"], titles),
        )
        for change in effect.result["changed"]
    ]
    return EffectOut(
        id=effect.id,
        state=effect.state,
        compared=effect.result["compared"],
        n=effect.result["n"],
        changed=changed,
    )


def _verdict(verdict: Mapping[str, Any], titles: Mapping[str, str]) -> VerdictOut:
    return VerdictOut(decision=verdict["decision"], question=_titled(verdict["question"], titles))


def _titled(key: str | None, titles: Mapping[str, str]) -> TitledOut | None:
    return None if key is None else _title(key, titles)


def _title(key: str, titles: Mapping[str, str]) -> TitledOut:
    return TitledOut(key=key, title=titles.get(key, key))
