""" "Was this useful?" as a plain form.

The article's page is the same for everybody and kept by caches, so it cannot carry the id that
makes a rating count once. Its two buttons lead to a page that can: made for one reader, kept by
nobody. That page is also what a prefetching browser or a crawler gets, and it stores nothing.
"""

from typing import Annotated
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response

from amparo.help_centre import feedback_actions, pages, queries
from amparo.help_centre.answering_http import (
    PAGE_LANGUAGES,
    base_url,
    frame_of,
    html_page,
    private_page,
)
from amparo.help_centre.feedback_rules import COMMENT_LIMIT, Rating, RatingForm
from amparo.kernel.errors import Forbidden, NotFound, Problem
from amparo.kernel.ids import new_id, parse_id
from amparo.storage.http import Now, Settings, Unit

feedback_router = APIRouter(tags=["help_centre"], include_in_schema=False)
_FORM = "application/x-www-form-urlencoded"
_SAID = {"yes": True, "no": False}
_PATH = "/help/{language}/{key}/useful"


@feedback_router.get(_PATH, operation_id="help_rating_form")
def help_rating_form(
    request: Request,
    session: Unit,
    now: Now,
    settings: Settings,
    language: str,
    key: str,
    answer: str = "",
) -> Response:
    """The form with its id, or the thanks; nothing is stored here."""
    form = RatingForm(new_id(), _SAID.get(answer))
    frame = frame_of(request, session, now, settings, language)
    try:
        if language not in PAGE_LANGUAGES:
            raise NotFound()
        about = queries.answer_for(session, key, language, now)
    except NotFound:
        return html_page(request, pages.missing(frame), frame.language, status=404)
    return private_page(pages.rating(frame, about, form), language)


@feedback_router.post(_PATH, operation_id="help_rating")
def help_rating(
    request: Request,
    session: Unit,
    now: Now,
    settings: Settings,
    language: str,
    key: str,
    sent: Annotated[bytes, Body(media_type=_FORM)] = b"",
) -> Response:
    """Store it once and say thanks by a redirect, so that a reload sends nothing again."""
    frame = frame_of(request, session, now, settings, language)
    try:
        if language not in PAGE_LANGUAGES:
            raise NotFound()
        about = queries.answer_for(session, key, language, now)
    except NotFound:
        return html_page(request, pages.missing(frame), frame.language, status=404)
    fields = _fields(sent)
    try:
        _from_our_page(request, base_url(request, settings))
        request.app.state.limits.hit("help_rating", request.app.state.limits.address(request))
        feedback_actions.rate_page(session, _rating(fields, key, language), now)
    except Problem as problem:
        page = pages.rating(frame, about, _form_again(fields, problem))
        return private_page(page, language, problem.status)
    return Response(status_code=303, headers={"Location": f"{frame.root}{key}/useful"})


def _fields(sent: bytes) -> dict[str, str]:
    """The first value of each field; anything that is no form has none."""
    try:
        read = parse_qs(sent.decode(), max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in read.items()}


def _rating(fields: dict[str, str], key: str, language: str) -> Rating:
    """What the form says. Raises NotFound where its id or its answer is none of ours."""
    useful = _SAID.get(fields.get("answer", ""))
    if useful is None:
        raise NotFound()
    return Rating(
        id=parse_id(fields.get("id", "")),
        question=key,
        language=language,
        useful=useful,
        reason=fields.get("reason") or None,
        comment=fields.get("comment", "")[: 20 * COMMENT_LIMIT],
    )


def _form_again(fields: dict[str, str], problem: Problem) -> RatingForm:
    """The form with what was written in it: nothing is lost."""
    try:
        id: UUID = parse_id(fields.get("id", ""))
    except NotFound:
        id = new_id()
    useful = _SAID.get(fields.get("answer", ""), False)
    comment = fields.get("comment", "")[: 2 * COMMENT_LIMIT]
    return RatingForm(id, useful, fields.get("reason"), comment, problem.code)


def _from_our_page(request: Request, ours: str) -> None:
    """Refuse forms that another site sends for a reader. Browsers say where a form was.

    Raises:
        Forbidden: the form was on a page of another site.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    if site not in ("same-origin", "none"):
        raise Forbidden()
    if origin in (None, ours):
        return
    if urlsplit(str(origin)).netloc != request.headers.get("host"):
        raise Forbidden()
