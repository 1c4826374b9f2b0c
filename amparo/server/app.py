"""The web application: modules' routers, identity, problems, the live socket."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.websockets import WebSocket

from amparo import __version__, wiring
from amparo.assistant.library import Library
from amparo.config import Settings
from amparo.kernel.clock import Clock, SystemClock
from amparo.reports.effects_actions import Effects
from amparo.server import openapi, pages, problems
from amparo.server.abuse import Abuse
from amparo.server.identity import identify
from amparo.server.limits import BodyLimit, RequestLimits
from amparo.server.live import asgi
from amparo.server.runtime import Runtime
from amparo.server.security_headers import SecurityHeaders
from amparo.storage.files import open_files
from amparo.storage.images import Reencoder
from amparo.storage.session import Database

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    settings: Settings,
    database: Database | None = None,
    clock: Clock | None = None,
    runtime: Runtime | None = None,
) -> FastAPI:
    """The application over a database.

    Args:
        database: None makes an application that can only describe itself (OpenAPI).
        runtime: what runs beside the requests (followers, timers, sockets); without it the
            application answers requests and nothing else happens, which is what tests of single
            routes want.
    """
    app = FastAPI(
        title="Amparo",
        version=__version__,
        summary="The support and protection centre of an online marketplace",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,  # it would send people to whatever the Host header says
        lifespan=_lifespan(runtime),
    )
    app.state.settings, app.state.database = settings, database
    app.state.clock = clock or SystemClock()
    app.state.limits = runtime.limits if runtime else RequestLimits(settings)
    if database is not None:
        app.state.limits.struck = Abuse(database, app.state.clock).struck
    app.state.identify = identify
    app.state.library = runtime.library if runtime else Library()
    app.state.effects = Effects(database, app.state.clock, app.state.library)
    app.state.files = open_files(settings.files, settings.data)
    app.state.reencoder = Reencoder()
    wiring.values(app.state.library)
    problems.install(app)
    for router in wiring.PAGES:
        _answer_head(router)
    for router in (*wiring.ROUTERS, *wiring.PAGES, pages.router):
        app.include_router(router)
    if runtime is not None:
        _add_live_socket(app, runtime)
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(SecurityHeaders)
    openapi.install(app)
    return app


def _answer_head(router: APIRouter) -> None:
    """Who checks links asks with HEAD (RFC 9110, 9.3.2: every server answers it like GET)."""
    for route in router.routes:
        if isinstance(route, APIRoute) and route.methods == {"GET"}:
            route.methods |= {"HEAD"}


def _add_live_socket(app: FastAPI, runtime: Runtime) -> None:
    async def live(socket: WebSocket) -> None:
        await asgi.serve(runtime.live, socket)

    app.add_api_websocket_route("/api/v1/live", live)


def _lifespan(runtime: Runtime | None) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if runtime is None:
            yield
            return
        await runtime.start()
        try:
            yield
        finally:
            await runtime.stop()

    return lifespan
