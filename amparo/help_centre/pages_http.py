"""The public pages: HTML without scripts, Markdown, what crawlers read."""

from dataclasses import replace
from datetime import datetime

from fastapi import APIRouter, Request, Response

from amparo.help_centre import pages, queries
from amparo.help_centre.answering_http import (
    PAGE_LANGUAGES,
    article_headers,
    base_url,
    frame_of,
    html_page,
    respond,
    twin_headers,
)
from amparo.help_centre.rules import QUERY_LIMIT, Ref
from amparo.help_centre.search_queries import search
from amparo.kernel.errors import NotFound
from amparo.kernel.languages import CONTENT, negotiate
from amparo.kernel.text import clean
from amparo.storage.http import Now, Settings, Unit

page_router = APIRouter(tags=["help_centre"], include_in_schema=False)
_FOREVER = "public, max-age=31536000, immutable"


@page_router.get("/help", operation_id="help_root_bare")
@page_router.get("/help/", operation_id="help_root")
def help_root(request: Request) -> Response:
    """To the reader's language."""
    language = negotiate(request.headers.get("accept-language"), CONTENT)
    headers = {"Location": f"/help/{language}/", "Vary": "Accept-Language"}
    return Response(status_code=302, headers=headers | {"Cache-Control": "no-store"})


@page_router.get("/help/assets/{name}", operation_id="help_asset")
def help_asset(name: str) -> Response:
    """Style sheet and script, named by their content, and the mark."""
    css_name, css = pages.stylesheet()
    if name == css_name:
        return Response(css, media_type="text/css", headers={"Cache-Control": _FOREVER})
    script_name, script = pages.script()
    if name == script_name:
        return Response(script, media_type="text/javascript", headers={"Cache-Control": _FOREVER})
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
    frame = frame_of(request, session, now, settings, language)
    if frame.language != language:
        return html_page(request, pages.missing(frame), frame.language, status=404)
    titles = queries.titles(session, language, pages.POPULAR)
    popular = [Ref(key, titles[key]) for key in pages.POPULAR if key in titles]
    return html_page(request, pages.home(replace(frame, popular=popular)), language)


@page_router.get("/help/{language}/topics/{key}", operation_id="help_topic")
def help_topic(
    request: Request, session: Unit, now: Now, settings: Settings, language: str, key: str
) -> Response:
    """The questions of one topic."""
    frame = frame_of(request, session, now, settings, language)
    node = next((node for node in frame.topics if node.key == key), None)
    if node is None or frame.language != language:
        return html_page(request, pages.missing(frame), frame.language, status=404)
    return html_page(request, pages.topic(frame, node), language)


@page_router.get("/help/{language}/search", operation_id="help_search")
def help_search(
    request: Request, session: Unit, now: Now, settings: Settings, language: str, q: str = ""
) -> Response:
    """Search results, without JavaScript."""
    frame = frame_of(request, session, now, settings, language)
    if frame.language != language:
        return html_page(request, pages.missing(frame), frame.language, status=404)
    query = clean(q[:QUERY_LIMIT])
    hits = search(session, language, query, now)
    return html_page(request, pages.results(frame, query, hits), language)


@page_router.get("/help/{language}/{key}", operation_id="help_article")
def help_article(
    request: Request, session: Unit, now: Now, settings: Settings, language: str, key: str
) -> Response:
    """A question and its answer; with ``.md`` at the end as Markdown."""
    frame = frame_of(request, session, now, settings, language)
    plain, _, ending = key.partition(".")
    try:
        if frame.language != language:
            raise NotFound()
        answer = queries.answer_for(session, plain if ending == "md" else key, language, now)
    except NotFound:
        return html_page(request, pages.missing(frame), frame.language, status=404)
    if ending == "md":
        text = queries.markdown(answer)
        headers = twin_headers(frame, answer)
        return respond(request, text, answer.language, "text/markdown", headers=headers)
    page = pages.article(frame, answer)
    return html_page(request, page, language, headers=article_headers(frame, answer))


@page_router.get("/sitemap.xml", operation_id="sitemap")
def sitemap(request: Request, session: Unit, settings: Settings) -> Response:
    """Every page in every language it is written in."""
    changed, written = queries.changed_at(session), queries.written_in(session)
    entries: list[tuple[str, tuple[str, ...], datetime | None]] = [("", CONTENT, None)]
    for node in queries.tree(session, "en"):
        entries.append((f"topics/{node.key}", CONTENT, None))
        entries += [(ref.key, written[ref.key], changed[ref.key]) for ref in node.questions]
    text = pages.sitemap(base_url(request, settings), entries)
    return respond(request, text, None, "application/xml")


@page_router.get("/robots.txt", operation_id="robots")
def robots(request: Request, settings: Settings) -> Response:
    """What crawlers may read."""
    return respond(request, pages.robots(base_url(request, settings)), None, "text/plain")


@page_router.get("/llms.txt", operation_id="llms")
def llms(request: Request, session: Unit, now: Now, settings: Settings) -> Response:
    """The help centre for language models."""
    frame = frame_of(request, session, now, settings, "en")
    return respond(request, pages.llms(frame), "en", "text/plain")
