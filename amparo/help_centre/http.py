"""Routes of the help centre: public pages, search, and editing for administrators."""

import hashlib
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from amparo.help_centre import actions, editing_queries, pages, queries
from amparo.help_centre.rules import QUERY_LIMIT, ConditionMissing, EditableText, values_tag
from amparo.kernel.errors import NotFound, PreconditionFailed
from amparo.kernel.languages import CONTENT, PSEUDO, negotiate
from amparo.kernel.text import clean
from amparo.storage.http import CurrentActor, Language, Now, Settings, Unit

router = APIRouter(prefix="/api/v1", tags=["help_centre"])
page_router = APIRouter(tags=["help_centre"], include_in_schema=False)

PAGE_LANGUAGES = (*CONTENT, PSEUDO)
CONTENT_SECURITY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_FRESH = "public, max-age=120, stale-while-revalidate=600"
_FOREVER = "public, max-age=31536000, immutable"


class SearchResult(BaseModel):
    """A question that fits; ``language`` is the one its answer is written in."""

    key: str
    title: str
    excerpt: str
    language: str
    url: str


class SearchResults(BaseModel):
    """Results, best first."""

    results: list[SearchResult]


class TextRow(BaseModel):
    """A text in the administrator's list."""

    key: str
    language: str
    title: str
    answered: bool
    edited: bool
    version: int
    updated_at: datetime


class TextRows(BaseModel):
    """All texts of one language."""

    items: list[TextRow]


class TextBody(BaseModel):
    """The words of a question: plain text, a line beginning with ``1. `` is a step."""

    title: str = Field(max_length=1_000)
    body: str | None = Field(default=None, max_length=50_000)


class TextOut(TextBody):
    """The words with what an editor must know about them."""

    key: str
    language: str
    version: int
    edited: bool
    updated_at: datetime


class PlaceholderValues(BaseModel):
    """What stands for ``{name}`` in the texts: name of the marketplace, addresses, times.

    Names ending in ``_time`` hold a number and an English unit, e.g. ``3 business days``.
    """

    values: dict[str, str] = Field(max_length=100)


@router.get("/help/search", operation_id="search_help")
def search_help(
    session: Unit, now: Now, language: Language, q: Annotated[str, Query(max_length=1_000)] = ""
) -> SearchResults:
    """Questions that fit a free text; tolerates word forms and typos."""
    hits = queries.search(session, language, q, now)
    return SearchResults(
        results=[
            SearchResult(
                key=hit.key,
                title=hit.title,
                excerpt=hit.excerpt,
                language=hit.language,
                url=f"/help/{language}/{hit.key}",
            )
            for hit in hits
        ]
    )


@router.get("/admin/questions", operation_id="list_question_texts")
def list_question_texts(session: Unit, actor: CurrentActor, lang: str = "en") -> TextRows:
    """Every question in one language, with what is missing and what was edited."""
    rows = editing_queries.texts_for(session, actor, lang)
    return TextRows(
        items=[
            TextRow(
                key=row.key,
                language=row.language,
                title=row.title,
                answered=bool(row.body),
                edited=row.edited,
                version=row.version,
                updated_at=row.updated_at,
            )
            for row in rows
        ]
    )


@router.get("/admin/questions/{key}/texts/{lang}", operation_id="get_question_text")
def get_question_text(
    session: Unit, actor: CurrentActor, response: Response, key: str, lang: str
) -> TextOut:
    """The words of a question in one language; the ETag belongs into If-Match when saving."""
    return _text_out(editing_queries.text_for(session, actor, key, lang), response)


@router.put("/admin/questions/{key}/texts/{lang}", operation_id="put_question_text")
def put_question_text(
    session: Unit,
    actor: CurrentActor,
    now: Now,
    response: Response,
    key: str,
    lang: str,
    words: TextBody,
    if_match: Annotated[str | None, Header()] = None,
) -> TextOut:
    """Save the words; of two who edit at once, the second gets 412."""
    editing_queries.text_for(session, actor, key, lang)
    if if_match is None:
        raise ConditionMissing()
    text = actions.edit_text(
        session,
        actor,
        key,
        lang,
        title=words.title,
        body=words.body,
        version=_version(if_match),
        now=now,
    )
    return _text_out(text, response)


@router.get("/admin/placeholders", operation_id="get_placeholders")
def get_placeholders(session: Unit, actor: CurrentActor, response: Response) -> PlaceholderValues:
    """What stands for the placeholders; the ETag belongs into If-Match when saving."""
    return _values_out(editing_queries.settings_for(session, actor), response)


@router.put("/admin/placeholders", operation_id="put_placeholders")
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


@page_router.get("/help", operation_id="help_root_bare")
@page_router.get("/help/", operation_id="help_root")
def help_root(request: Request) -> Response:
    """To the reader's language."""
    language = negotiate(request.headers.get("accept-language"), CONTENT)
    headers = {"Location": f"/help/{language}/", "Vary": "Accept-Language"}
    return Response(status_code=302, headers=headers | {"Cache-Control": "no-store"})


@page_router.get("/help/assets/{name}", operation_id="help_asset")
def help_asset(name: str) -> Response:
    """The style sheet, named by its content, and the mark."""
    css_name, css = pages.stylesheet()
    if name == css_name:
        return Response(css, media_type="text/css", headers={"Cache-Control": _FOREVER})
    if name == "mark.svg":
        headers = {"Cache-Control": "public, max-age=86400"}
        return Response(pages.mark(), media_type="image/svg+xml", headers=headers)
    raise NotFound()


@page_router.get("/help/{language}", operation_id="help_home_bare")
@page_router.get("/help/{language}/", operation_id="help_home")
def help_home(
    request: Request, session: Unit, now: Now, settings: Settings, language: str
) -> Response:
    """Search, topics, frequent questions."""
    if language in PAGE_LANGUAGES and not request.url.path.endswith("/"):
        return Response(status_code=308, headers={"Location": f"/help/{language}/"})
    frame = _frame(request, session, now, settings, language)
    if frame.language != language:
        return _html(request, pages.missing(frame), frame.language, status=404)
    return _html(request, pages.home(frame), language)


@page_router.get("/help/{language}/topics/{key}", operation_id="help_topic")
def help_topic(
    request: Request, session: Unit, now: Now, settings: Settings, language: str, key: str
) -> Response:
    """The questions of one topic."""
    frame = _frame(request, session, now, settings, language)
    node = next((node for node in frame.topics if node.key == key), None)
    if node is None or frame.language != language:
        return _html(request, pages.missing(frame), frame.language, status=404)
    return _html(request, pages.topic(frame, node), language)


@page_router.get("/help/{language}/search", operation_id="help_search")
def help_search(
    request: Request, session: Unit, now: Now, settings: Settings, language: str, q: str = ""
) -> Response:
    """Search results, without JavaScript."""
    frame = _frame(request, session, now, settings, language)
    if frame.language != language:
        return _html(request, pages.missing(frame), frame.language, status=404)
    query = clean(q[:QUERY_LIMIT])
    hits = queries.search(session, language, query, now)
    return _html(request, pages.results(frame, query, hits), language)


@page_router.get("/help/{language}/{key}", operation_id="help_article")
def help_article(
    request: Request, session: Unit, now: Now, settings: Settings, language: str, key: str
) -> Response:
    """A question and its answer; with ``.md`` at the end as Markdown."""
    frame = _frame(request, session, now, settings, language)
    plain, _, ending = key.partition(".")
    try:
        if frame.language != language:
            raise NotFound()
        answer = queries.answer_for(session, plain if ending == "md" else key, language, now)
    except NotFound:
        return _html(request, pages.missing(frame), frame.language, status=404)
    if ending == "md":
        return _respond(request, queries.markdown(answer), answer.language, "text/markdown")
    return _html(request, pages.article(frame, answer), language)


@page_router.get("/sitemap.xml", operation_id="sitemap")
def sitemap(request: Request, session: Unit, settings: Settings) -> Response:
    """Every page in every language it is written in."""
    changed, written = queries.changed_at(session), queries.written_in(session)
    entries: list[tuple[str, tuple[str, ...], datetime | None]] = [("", CONTENT, None)]
    for node in queries.tree(session, "en"):
        entries.append((f"topics/{node.key}", CONTENT, None))
        entries += [(ref.key, written[ref.key], changed[ref.key]) for ref in node.questions]
    text = pages.sitemap(_base_url(request, settings), entries)
    return _respond(request, text, None, "application/xml")


@page_router.get("/robots.txt", operation_id="robots")
def robots(request: Request, settings: Settings) -> Response:
    """What crawlers may read."""
    return _respond(request, pages.robots(_base_url(request, settings)), None, "text/plain")


@page_router.get("/llms.txt", operation_id="llms")
def llms(request: Request, session: Unit, now: Now, settings: Settings) -> Response:
    """The help centre for language models."""
    frame = _frame(request, session, now, settings, "en")
    return _respond(request, pages.llms(frame), "en", "text/plain")


def _frame(
    request: Request, session: Session, now: datetime, settings: Settings, language: str
) -> pages.Frame:
    """The frame of a page; an unknown language gets the reader's own, to say so politely."""
    if language not in PAGE_LANGUAGES:
        language = negotiate(request.headers.get("accept-language"), CONTENT)
    values = queries.placeholder_values(session, language, now)
    return pages.Frame(
        base_url=_base_url(request, settings),
        language=language,
        store=values.get("store_name", ""),
        hours=values.get("chat_hours", ""),
        topics=queries.tree(session, language),
        titles=queries.titles(session, language),
    )


def _base_url(request: Request, settings: Settings) -> str:
    """Never from the Host header: a cache would keep what a stranger wrote there."""
    if settings.base_url:
        return settings.base_url.rstrip("/")
    _, port = request.scope.get("server") or ("", settings.port)
    return f"http://localhost:{port or settings.port}"


def _html(request: Request, text: str, language: str, status: int = 200) -> Response:
    return _respond(request, text, language, "text/html", status)


def _respond(
    request: Request, text: str, language: str | None, media_type: str, status: int = 200
) -> Response:
    body = text.encode()
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {
        "ETag": etag,
        "Cache-Control": _FRESH if status == 200 else "no-store",
        "Content-Security-Policy": CONTENT_SECURITY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }
    if language:
        headers["Content-Language"] = language
    if status == 200 and _matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, f"{media_type}; charset=utf-8")


def _matches(header: str, etag: str) -> bool:
    """Weak comparison (RFC 9110, 13.1.2): a compressing proxy makes our tag weak."""
    return header.strip() == "*" or etag in [
        part.strip().removeprefix("W/") for part in header.split(",")
    ]


def _text_out(text: EditableText, response: Response) -> TextOut:
    response.headers["ETag"] = f'"{text.version}"'
    response.headers["Cache-Control"] = "no-store"
    return TextOut(
        key=text.key,
        language=text.language,
        title=text.title,
        body=text.body,
        version=text.version,
        edited=text.edited,
        updated_at=text.updated_at,
    )


def _values_out(values: dict[str, str], response: Response) -> PlaceholderValues:
    response.headers["ETag"] = f'"{values_tag(values)}"'
    response.headers["Cache-Control"] = "no-store"
    return PlaceholderValues(values=values)


def _version(if_match: str) -> int:
    value = if_match.strip().removeprefix("W/").strip('"')
    if not (value.isascii() and value.isdigit()):
        raise PreconditionFailed()
    return int(value)
