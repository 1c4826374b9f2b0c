"""The pages and files of the front end: panel, desk, administration, sellers' cases, loader.

The panel is shown only inside pages of the site's registered origins; the others nowhere but in
a window of their own.
"""

import base64
import hashlib
import html
import json
import mimetypes
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from amparo.accounts import queries
from amparo.accounts.rules import SELLER_PAGE
from amparo.kernel.errors import NotFound
from amparo.kernel.languages import INTERFACE, PSEUDO, is_rtl, negotiate
from amparo.kernel.texts import text
from amparo.storage.http import Language, Unit

STATIC = Path(__file__).parent / "static"
BOOT_MARK = "<!--amparo-boot-->"
_LONGEST_NAME = 200  # file systems refuse longer ones with an error of their own
_YEAR = "public, max-age=31536000, immutable"
_SHORT = "public, max-age=300, stale-while-revalidate=86400"
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-inline-size:32rem;margin:4rem auto;"
    "padding:0 1rem;color:#1f2933;background:#fbfaf8}code{background:#eee;padding:.1em .3em}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

router = APIRouter(include_in_schema=False)
_read = ["GET", "HEAD"]


@router.api_route("/", methods=_read)
def index() -> RedirectResponse:
    """Whoever comes without an address wants help."""
    return RedirectResponse("/help/", 302)


@router.api_route("/healthz", methods=_read)
def healthz() -> dict[str, str]:
    """This process runs."""
    return {"status": "ok"}


@router.api_route("/readyz", methods=_read)
def readyz(session: Unit) -> JSONResponse:
    """This process runs and its database answers."""
    return JSONResponse({"status": "ready", "sites": len(queries.sites(session))})


@router.api_route("/panel/", methods=_read)
def panel(
    request: Request,
    session: Unit,
    language: Language,
    site: Annotated[str, Query(max_length=64)] = "",
    lang: Annotated[str, Query(max_length=35)] = "",
) -> Response:
    """The panel, to be framed by the pages of one site."""
    try:
        found = queries.site_by_key(session, site)
    except NotFound:
        return _message(404, "unknown_site", language)
    chosen = negotiate(
        lang or request.headers.get("accept-language"),
        (*(one for one in INTERFACE if one in found.languages), PSEUDO),
    )
    boot = {"origins": found.origins, "site": found.key, "lang": chosen}
    ancestors = " ".join(found.origins)
    return _page("panel", language, ancestors, " ".join(["https:", ancestors]), boot)


@router.api_route("/panel", methods=_read)
@router.api_route("/desk", methods=_read)
@router.api_route("/admin", methods=_read)
@router.api_route("/seller", methods=_read)
def without_slash(request: Request) -> RedirectResponse:
    """The address as people type it. Relative: in the Host header anybody can write anything."""
    query = request.url.query
    return RedirectResponse(request.url.path + "/" + (f"?{query}" if query else ""), 308)


@router.api_route("/desk/{path:path}", methods=_read)
def desk(session: Unit, language: Language) -> Response:
    """The operators' desk; its addresses below /desk/ are the app's own."""
    return _own_page(session, "desk", language, {})


@router.api_route("/admin/{path:path}", methods=_read)
def admin(session: Unit, language: Language) -> Response:
    """The administration: the same app with other routes, where it has no page of its own."""
    own = (STATIC / "admin" / "index.html").is_file()
    return _own_page(session, "admin" if own else "desk", language, {})


@router.api_route("/seller/{path:path}", methods=_read)
def seller(session: Unit, language: Language) -> Response:
    """The sellers' cases. The page is told where each site signs its sellers in."""
    sites = [
        {"key": site.key, "name": site.name, "page": site.pages.get(SELLER_PAGE)}
        for site in queries.sites(session)
    ]
    return _own_page(session, "seller", language, {"sites": sites})


@router.api_route("/widget.js", methods=_read)
def widget(request: Request) -> Response:
    """The loader that a site embeds; it must load on pages of other origins."""
    answer = _file(request, "widget.js", _SHORT)
    answer.headers["cross-origin-resource-policy"] = "cross-origin"
    answer.headers["access-control-allow-origin"] = "*"
    return answer


@router.api_route("/assets/{path:path}", methods=_read)
def asset(request: Request, path: str) -> Response:
    """A built file; its name changes with its content, so it may be kept for ever."""
    return _file(request, f"assets/{path}", _YEAR)


def _own_page(session: Unit, name: str, language: str, boot: Mapping[str, object]) -> Response:
    origins = " ".join(origin for site in queries.sites(session) for origin in site.origins)
    return _page(name, language, "'none'", f"https: {origins}", boot)


def _page(
    name: str,
    language: str,
    ancestors: str,
    images: str,
    boot: Mapping[str, object],
) -> Response:
    path = STATIC / name / "index.html"
    if not path.is_file():
        return _message(503, "no_build", language)
    source = _content(path, path.stat().st_mtime_ns).decode()
    answer = HTMLResponse(source.replace(BOOT_MARK, _boot_script(boot)) if boot else source)
    answer.headers["content-security-policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self';"
        f" img-src 'self' data: blob: {images}; connect-src 'self'; manifest-src 'self';"
        f" worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )
    answer.headers["cache-control"] = "no-cache"
    answer.headers["vary"] = "Accept-Language"
    return answer


def _boot_script(boot: Mapping[str, object]) -> str:
    # Inside a script element only "<" could end it; escaped, nothing in the data can.
    data = json.dumps(boot, ensure_ascii=True).replace("<", "\\u003c").replace("&", "\\u0026")
    return f'<script type="application/json" id="amparo-boot">{data}</script>'


def _file(request: Request, name: str, caching: str) -> Response:
    if "\x00" in name or len(name) > _LONGEST_NAME:
        raise NotFound()
    root = STATIC.resolve()
    path = (root / name).resolve()
    # A twin is reached through its original only, under the original's type.
    if not path.is_relative_to(root) or path.suffix in (".br", ".gz") or not path.is_file():
        raise NotFound()
    body, coding = _negotiated(path, request.headers.get("accept-encoding", ""))
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"cache-control": caching, "etag": tag, "vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if coding:
        headers["content-encoding"] = coding
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    kind = "text/javascript" if path.suffix in (".js", ".mjs") else kind
    return Response(body, headers=headers, media_type=kind)


def _negotiated(path: Path, accepted: str) -> tuple[bytes, str | None]:
    names = {part.split(";")[0].strip() for part in accepted.split(",") if "q=0" not in part}
    for coding, suffix in (("br", ".br"), ("gzip", ".gz")):
        twin = path.with_name(path.name + suffix)
        if coding in names and twin.is_file():
            return _content(twin, twin.stat().st_mtime_ns), coding
    return _content(path, path.stat().st_mtime_ns), None


@lru_cache(maxsize=256)
def _content(path: Path, _mtime_ns: int) -> bytes:
    """The file as it was at that time: a new build is seen at once, an old one read once."""
    return path.read_bytes()


def _message(status: int, name: str, language: str) -> Response:
    title = html.escape(text(language, f"server.pages.{name}.title"))
    body = html.escape(text(language, f"server.pages.{name}.body"))
    direction = "rtl" if is_rtl(language) else "ltr"
    answer = HTMLResponse(
        f'<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{_STYLE}</style><main><h1>{title}</h1><p>{body}</p></main></html>",
        status,
    )
    answer.headers["content-security-policy"] = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none';"
        " form-action 'none'; frame-ancestors *"
        if name == "unknown_site"
        else f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'"
    )
    answer.headers["cache-control"] = "no-store"
    return answer
