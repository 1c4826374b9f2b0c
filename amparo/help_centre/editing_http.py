"""Routes of editing: administrators only, for everybody else there is nothing here.

The ETag of a text is its edition: every verb wants it back as If-Match.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response

from amparo.help_centre import actions, editing_actions, editing_queries
from amparo.help_centre.editing_actions import Place
from amparo.help_centre.editing_http_models import (
    OldTextOut,
    PieceOut,
    PlaceholderValues,
    Published,
    Reviewed,
    StillRight,
    TextBody,
    TextOut,
    TextRow,
    TextRows,
    VersionOut,
    VersionRows,
)
from amparo.help_centre.rules import ConditionMissing, EditableText, values_tag
from amparo.kernel.errors import PreconditionFailed
from amparo.storage.http import CurrentActor, Now, Settings, Unit

router = APIRouter(prefix="/api/v1/admin", tags=["help_centre"])
_TEXT = "/questions/{key}/texts/{lang}"


def _place(
    session: Unit,
    actor: CurrentActor,
    key: str,
    lang: str,
    if_match: Annotated[str | None, Header()] = None,
) -> Place:
    """The text that is meant and the edition that was read; who may not edit finds nothing."""
    editing_queries.text_for(session, actor, key, lang)
    if if_match is None:
        raise ConditionMissing()
    return Place(key, lang, _edition(if_match))


At = Annotated[Place, Depends(_place, scope="function")]


@router.get("/questions", operation_id="list_question_texts")
def list_question_texts(session: Unit, actor: CurrentActor, lang: str = "en") -> TextRows:
    """Every question in one language, with what is missing, stale, drafted and unread."""
    rows = editing_queries.texts_for(session, actor, lang)
    return TextRows(items=[TextRow.of(row) for row in rows])


@router.get(_TEXT, operation_id="get_question_text")
def get_question_text(
    session: Unit, actor: CurrentActor, response: Response, key: str, lang: str
) -> TextOut:
    """The words of a question in one language; the ETag belongs into If-Match when saving."""
    return _out(editing_queries.text_for(session, actor, key, lang), response)


@router.put(_TEXT, operation_id="put_question_text")
def put_question_text(
    session: Unit,
    actor: CurrentActor,
    now: Now,
    settings: Settings,
    response: Response,
    at: At,
    words: Published,
) -> TextOut:
    """Publish the words; of two who edit at once, the second gets 412."""
    text = editing_actions.publish_text(
        session,
        actor,
        at,
        title=words.title,
        body=words.body,
        made_from=words.made_from,
        now=now,
        video_hosts=settings.help_video_hosts,
    )
    return _out(text, response)


@router.put(f"{_TEXT}/draft", operation_id="put_question_draft")
def put_question_draft(
    session: Unit,
    actor: CurrentActor,
    now: Now,
    settings: Settings,
    response: Response,
    at: At,
    words: TextBody,
) -> TextOut:
    """Save words without publishing them."""
    text = editing_actions.save_draft(
        session,
        actor,
        at,
        title=words.title,
        body=words.body,
        now=now,
        video_hosts=settings.help_video_hosts,
    )
    return _out(text, response)


@router.delete(f"{_TEXT}/draft", operation_id="delete_question_draft")
def delete_question_draft(
    session: Unit, actor: CurrentActor, now: Now, response: Response, at: At
) -> TextOut:
    """Throw the draft away."""
    return _out(editing_actions.discard_draft(session, actor, at, now), response)


@router.put(f"{_TEXT}/made-from", operation_id="put_question_made_from")
def put_question_made_from(
    session: Unit, actor: CurrentActor, now: Now, response: Response, at: At, said: StillRight
) -> TextOut:
    """Say that the text is still right: it says what this version of its source says."""
    text = editing_actions.mark_still_right(session, actor, at, said.made_from, now)
    return _out(text, response)


@router.put(f"{_TEXT}/reviewed", operation_id="put_question_reviewed")
def put_question_reviewed(
    session: Unit, actor: CurrentActor, now: Now, response: Response, at: At, said: Reviewed
) -> TextOut:
    """Say whether somebody whose language it is has read the text."""
    return _out(editing_actions.mark_reviewed(session, actor, at, said.reviewed, now), response)


@router.get(f"{_TEXT}/versions", operation_id="list_question_versions")
def list_question_versions(session: Unit, actor: CurrentActor, key: str, lang: str) -> VersionRows:
    """What was published, newest first; the last hundred."""
    rows = editing_queries.versions_for(session, actor, key, lang)
    return VersionRows(items=[OldTextOut.of(row) for row in rows])


@router.get(f"{_TEXT}/versions/{{version}}", operation_id="get_question_version")
def get_question_version(
    session: Unit, actor: CurrentActor, key: str, lang: str, version: int
) -> VersionOut:
    """A version, and what the present text took away from it and put in."""
    old, title, body = editing_queries.version_for(session, actor, key, lang, version)
    return VersionOut(
        text=OldTextOut.of(old),
        body=old.body,
        title_changes=[PieceOut.of(piece) for piece in title],
        body_changes=[PieceOut.of(piece) for piece in body],
    )


@router.post(f"{_TEXT}/versions/{{version}}/restore", operation_id="restore_question_version")
def restore_question_version(
    session: Unit, actor: CurrentActor, now: Now, response: Response, at: At, version: int
) -> TextOut:
    """Publish the words of an older version again, as a new one."""
    return _out(editing_actions.restore_version(session, actor, at, version, now), response)


@router.get("/placeholders", operation_id="get_placeholders")
def get_placeholders(session: Unit, actor: CurrentActor, response: Response) -> PlaceholderValues:
    """What stands for the placeholders; the ETag belongs into If-Match when saving."""
    return _values_out(editing_queries.settings_for(session, actor), response)


@router.put("/placeholders", operation_id="put_placeholders")
def put_placeholders(
    session: Unit,
    actor: CurrentActor,
    now: Now,
    response: Response,
    sent: PlaceholderValues,
    if_match: Annotated[str | None, Header()] = None,
) -> PlaceholderValues:
    """Set values; names that are not sent keep theirs. Of two who edit at once, one gets 412."""
    editing_queries.settings_for(session, actor)
    if if_match is None:
        raise ConditionMissing()
    tag = if_match.strip().removeprefix("W/").strip('"')
    actions.set_placeholders(session, actor, sent.values, now, tag=tag)
    return _values_out(editing_queries.settings_for(session, actor), response)


def _out(text: EditableText, response: Response) -> TextOut:
    response.headers["ETag"] = f'"{text.edition}"'
    response.headers["Cache-Control"] = "no-store"
    return TextOut.of(text)


def _values_out(values: dict[str, str], response: Response) -> PlaceholderValues:
    response.headers["ETag"] = f'"{values_tag(values)}"'
    response.headers["Cache-Control"] = "no-store"
    return PlaceholderValues(values=values)


def _edition(if_match: str) -> int:
    value = if_match.strip().removeprefix("W/").strip('"')
    if not (value.isascii() and value.isdigit()):
        raise PreconditionFailed()
    return int(value)
