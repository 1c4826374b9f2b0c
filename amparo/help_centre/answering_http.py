"""How the public pages are answered: frame, cache, policy."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session

from amparo.help_centre import pages, queries
from amparo.help_centre.rules import Answer
from amparo.kernel.languages import CONTENT, PSEUDO, negotiate
from amparo.storage.http import Settings

Headers = Mapping[str, str]
PAGE_LANGUAGES = (*CONTENT, PSEUDO)
CONTENT_SECURITY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No script may run. ``connect-src`` is for tools that read robots.txt from within a page."""
_POLICY = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
_FRESH = "public, max-age=120, stale-while-revalidate=600"


def frame_of(
    request: Request, session: Session, now: datetime, settings: Settings, language: str
) -> pages.Frame:
    """The frame of a page; an unknown language gets the reader's own, to say so politely."""
    if language not in PAGE_LANGUAGES:
        language = negotiate(request.headers.get("accept-language"), CONTENT)
    values = queries.placeholder_values(session, language, now)
    return pages.Frame(
        base_url=base_url(request, settings),
        language=language,
        store=values.get("store_name", ""),
        hours=values.get("chat_hours", ""),
        topics=queries.tree(session, language),
        video_hosts=settings.help_video_hosts,
    )


def base_url(request: Request, settings: Settings) -> str:
    """Never from the Host header: a cache would keep what a stranger wrote there."""
    if settings.base_url:
        return settings.base_url.rstrip("/")
    _, port = request.scope.get("server") or ("", settings.port)
    return f"http://localhost:{port or settings.port}"


def html_page(
    request: Request, text: str, language: str, status: int = 200, *, headers: Headers | None = None
) -> Response:
    """A page that caches may keep for two minutes."""
    return respond(request, text, language, "text/html", status, headers=headers)


def missing_page(request: Request, frame: pages.Frame) -> Response:
    """An address that leads nowhere: a way on, not a dead end."""
    return html_page(request, pages.missing(frame), frame.language, status=404)


def framed(folder: Path, template: str, frame: pages.Frame, *, path: str, **values: Any) -> str:
    """A page of another module, from its own folder of templates, in the help centre's frame."""
    return pages.framed(folder, template, frame, path=path, **values)


def private_page(text: str, language: str, status: int = 200) -> Response:
    """A page made for one reader: no cache keeps it."""
    headers = _POLICY | {"Cache-Control": "no-store", "Content-Language": language}
    return Response(text.encode(), status, headers, "text/html; charset=utf-8")


def respond(
    request: Request,
    text: str,
    language: str | None,
    media_type: str,
    status: int = 200,
    *,
    headers: Headers | None = None,
) -> Response:
    """An answer with its ETag, or 304 where the reader has it."""
    body = text.encode()
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    told = {
        **_POLICY,
        "ETag": etag,
        "Cache-Control": _FRESH if status == 200 else "no-store",
        **(headers or {}),
    }
    if language:
        told["Content-Language"] = language
    if status == 200 and _matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=told)
    return Response(body, status, told, f"{media_type}; charset=utf-8")


def article_headers(frame: pages.Frame, answer: Answer) -> dict[str, str]:
    """The Markdown twin; where there are videos, the policy that lets them come when pressed."""
    twin = f"{frame.root}{answer.facts.key}.md"
    headers = {"Link": f'<{twin}>; rel="alternate"; type="text/markdown"'}
    hosts = sorted({video.host for video in pages.videos_in(frame, answer)})
    if hosts:
        frames = " ".join(f"https://{host}" for host in hosts)
        headers["Content-Security-Policy"] = (
            f"{CONTENT_SECURITY}; script-src 'self'; frame-src {frames}"
        )
    return headers


def twin_headers(frame: pages.Frame, answer: Answer) -> dict[str, str]:
    """The page that a Markdown twin belongs to."""
    page = f"{frame.base_url}/help/{answer.language}/{answer.facts.key}"
    return {"Link": f'<{page}>; rel="canonical"; type="text/html"'}


def _matches(header: str, etag: str) -> bool:
    """Weak comparison (RFC 9110, 13.1.2): a compressing proxy makes our tag weak."""
    return header.strip() == "*" or etag in [
        part.strip().removeprefix("W/") for part in header.split(",")
    ]
