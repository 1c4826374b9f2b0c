"""The site: a Starlette application that knows nothing of Amparo but its address and its key."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from amparo.kernel.clock import SystemClock
from demo.catalogue import BY_REF, PRODUCTS, STORES
from demo.identity import Identity
from demo.mercadia.answers import Answers
from demo.mercadia.shop import Shop, Words, chosen_language
from demo.mercadia.webhooks import Inbox, Untrue
from demo.people import LANGUAGES, PEOPLE, SELLER_CASES, SITE_KEY, Person
from demo.pictures import picture

_HERE = Path(__file__).parent
_WHO, _LANGUAGE = "mercadia_person", "mercadia_language"
_LARGEST_HOOK = 256 * 1024
PAGES = (
    "cards",
    "contact",
    "coupons",
    "delete",
    "language",
    "password",
    "pay",
    "real-contacts",
    "receipt",
    "report",
    "security",
)
"""Pages under ``/account/``; the demo only says what would be there."""


class Mercadia:
    """The site's pages.

    Args:
        amparo: the address of Amparo, whose script stands on every page.
    """

    def __init__(
        self,
        amparo: str,
        identity: Identity,
        shop: Shop,
        inbox: Inbox,
        answers: Answers | None = None,
        now: Callable[[], datetime] = SystemClock().now,
    ) -> None:
        self._amparo, self._identity, self._shop, self._inbox = amparo, identity, shop, inbox
        self._answers, self._now = answers, now
        self._pages = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def application(self) -> Starlette:
        """The ASGI application."""
        routes = [
            Route("/", self.home),
            Route("/p/{ref}", self.product),
            Route("/orders", self.orders),
            Route("/orders/{ref}", self.order),
            Route("/as/{person}", self.sign_in, methods=["GET", "POST"]),
            Route("/language/{tag}", self.language, methods=["POST"]),
            Route("/amparo-token", self.token),
            Route(SELLER_CASES, self.seller_cases),
            Route("/webhooks/amparo", self.hook, methods=["POST"]),
            Route("/webhooks", self.hooks),
            Route("/account/{page}", self.account),
            Route("/pictures/{ref}.svg", self.picture),
            Mount("/static", StaticFiles(directory=_HERE / "static")),
        ]
        hosts = ["127.0.0.1", "localhost", "[::1]"]
        return Starlette(
            routes=routes,
            exception_handlers={404: self.missing},
            middleware=[
                Middleware(TrustedHostMiddleware, allowed_hosts=hosts),
                Middleware(_Headers, amparo=self._amparo),
            ],
        )

    async def home(self, request: Request) -> Response:
        """All products."""
        return self._page(request, "home", products=PRODUCTS, stores=STORES)

    async def product(self, request: Request) -> Response:
        """One product; a removed one has no page any more."""
        found = BY_REF.get(request.path_params["ref"])
        if found is None or found not in PRODUCTS:
            return await self.missing(request, None)
        return self._page(request, "product", product=found)

    async def orders(self, request: Request) -> Response:
        """The orders of whoever is signed in."""
        person = _person(request)
        found = self._shop.orders_of(person) if person else []
        return self._page(request, "orders", orders=found)

    async def order(self, request: Request) -> Response:
        """One order of whoever is signed in."""
        person = _person(request)
        found = self._shop.order_of(person, request.path_params["ref"]) if person else None
        if found is None:
            return await self.missing(request, None)
        return self._page(request, "order", order=found)

    async def sign_in(self, request: Request) -> Response:
        """Become Ana, Olga, Wei or nobody: the demo asks for no password."""
        key = request.path_params["person"]
        answer = RedirectResponse(_back(request), 303)
        if key in PEOPLE:
            _remember(answer, _WHO, key)
            _remember(answer, _LANGUAGE, PEOPLE[key].language)
        else:
            answer.delete_cookie(_WHO)
        return answer

    async def language(self, request: Request) -> Response:
        """Read the site in another language."""
        answer = RedirectResponse(_back(request), 303)
        if request.path_params["tag"] in LANGUAGES:
            _remember(answer, _LANGUAGE, request.path_params["tag"])
        return answer

    async def token(self, request: Request) -> Response:
        """A fresh token for the page's script; nothing where nobody is signed in."""
        person = _person(request)
        if person is None:
            return Response(status_code=204)
        language = _language(request)
        token = self._identity.token(person, language, self._now())
        return PlainTextResponse(token, headers={"cache-control": "no-store"})

    async def seller_cases(self, request: Request) -> Response:
        """Send a seller to the cases of their stores, with a token that works once.

        It stands behind ``#``: what stands there reaches no server and no log.
        """
        person = _person(request)
        if person is None or person.role != "seller":
            return self._page(request, "seller")
        token = self._identity.token(person, _language(request), self._now())
        there = f"{self._amparo}/seller/#{urlencode({'site': SITE_KEY, 'token': token})}"
        return RedirectResponse(there, 303, headers={"cache-control": "no-store"})

    async def hook(self, request: Request) -> Response:
        """A webhook from Amparo."""
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _LARGEST_HOOK:
                return Response(status_code=413)
        try:
            received = self._inbox.receive(request.headers, body, self._now())
        except (Untrue, ValueError):
            return Response(status_code=400)
        if received is None or self._answers is None:
            return Response(status_code=204)
        # Answered first: whoever calls waits for no decision of ours.
        return Response(
            status_code=204, background=BackgroundTask(self._answers.hear, received.body)
        )

    async def hooks(self, request: Request) -> Response:
        """The last webhooks, for a developer to look at."""
        shown = [
            (item, json.dumps(item.body, indent=2, ensure_ascii=False))
            for item in self._inbox.last()
        ]
        return self._page(request, "webhooks", received=shown)

    async def account(self, request: Request) -> Response:
        """One of the pages to which Amparo links for what only the site can do."""
        page = request.path_params["page"]
        if page not in PAGES:
            return await self.missing(request, None)
        person, ref = _person(request), request.query_params.get("order", "")
        order = self._shop.order_of(person, ref) if person else None
        return self._page(request, "account", page=page, order=order)

    async def picture(self, request: Request) -> Response:
        """A product's picture; Amparo may show it too."""
        drawn = picture(request.path_params["ref"])
        if drawn is None:
            return Response(status_code=404)
        headers = {
            "cache-control": "public, max-age=3600",
            "cross-origin-resource-policy": "cross-origin",
        }
        return Response(drawn, media_type="image/svg+xml", headers=headers)

    async def missing(self, request: Request, _: Exception | None) -> Response:
        """No such page."""
        return self._page(request, "missing", status=404)

    def _page(self, request: Request, name: str, *, status: int = 200, **more: Any) -> Response:
        language = _language(request)
        html = self._pages.get_template(f"{name}.html").render(
            t=Words(language),
            language=language,
            languages=LANGUAGES,
            person=_person(request),
            people=PEOPLE.values(),
            path=request.url.path,
            amparo=self._amparo,
            site_key=SITE_KEY,
            **more,
        )
        return HTMLResponse(html, status, headers={"cache-control": "no-store"})


def _person(request: Request) -> Person | None:
    return PEOPLE.get(request.cookies.get(_WHO, ""))


def _language(request: Request) -> str:
    chosen = request.cookies.get(_LANGUAGE)
    return chosen_language(chosen, request.headers.get("accept-language"))


def _remember(answer: Response, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=30 * 86_400, httponly=True, samesite="lax")


def _back(request: Request) -> str:
    """The page to return to: only a path of this site."""
    wish = request.query_params.get("next", "/")
    local = wish.startswith("/") and not wish.startswith(("//", "/\\"))
    return wish if local else "/"


class _Headers:
    """A strict policy, as an example: Amparo needs one script and one frame, nothing inline."""

    def __init__(self, app: ASGIApp, amparo: str) -> None:
        self._app = app
        self._policy = (
            f"default-src 'none'; script-src 'self' {amparo}; frame-src {amparo};"
            " style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
            " base-uri 'none'; frame-ancestors 'none'"
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                headers.setdefault("content-security-policy", self._policy)
                headers.setdefault("x-content-type-options", "nosniff")
                headers.setdefault("referrer-policy", "strict-origin-when-cross-origin")
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
