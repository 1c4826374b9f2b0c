"""Serving: from settings to a process that answers, and its orderly end."""

import asyncio
import gc
import resource
import signal
import socket
from collections.abc import Awaitable, Callable

import structlog
import uvicorn

from amparo.accounts.rules import demo_allowed
from amparo.config import Settings
from amparo.kernel.clock import SystemClock
from amparo.server.app import create_app
from amparo.server.live.line import protocol_of
from amparo.server.live.nats_carrier import WrongNats, servers
from amparo.server.log import configure_log
from amparo.server.patience import PatientProtocol
from amparo.server.runtime import Runtime, Worker
from amparo.storage.errors import StorageError
from amparo.storage.opening import Opened, serving

Ready = Callable[[str, Opened], Awaitable[None]]
"""Called when the server answers, with its address and its database."""


class CannotServe(Exception):
    """The server cannot start; the message tells a person why and what to do."""


def serve(settings: Settings, ready: Ready | None = None) -> None:
    """Serve until SIGINT or SIGTERM, then end in order: what was posted stored, PostgreSQL stopped.

    Raises:
        CannotServe: the port is taken, the folder is in use, or the settings contradict.
    """
    configure_log(settings)
    # As Ctrl-C does. By its default SIGTERM would leave our PostgreSQL running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    listening = listen(settings)
    port = listening.getsockname()[1]
    if settings.base_url is None:
        settings = settings.model_copy(update={"base_url": f"http://localhost:{port}"})
    try:
        with serving(settings) as opened, asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(settings, opened, listening, ready))
    except StorageError as error:
        raise CannotServe(str(error)) from error
    except KeyboardInterrupt:  # uvicorn raises the signal again when it has ended in order
        structlog.get_logger(__name__).info("stopped")
    finally:
        listening.close()


def serve_part(
    settings: Settings, opened: Opened, listening: socket.socket, worker: Worker, ready: Ready
) -> None:
    """Serve as one of several processes, which :mod:`amparo.server.workers` starts."""
    configure_log(settings)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(settings, opened, listening, ready, worker))
    except KeyboardInterrupt:
        structlog.get_logger(__name__).info("worker_stopped", node=worker.node)


async def _serve(
    settings: Settings,
    opened: Opened,
    listening: socket.socket,
    ready: Ready | None,
    worker: Worker | None = None,
) -> None:
    clock = SystemClock()
    runtime = Runtime(opened, clock, settings, worker)
    app = create_app(settings, opened.database, clock, runtime)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            http=PatientProtocol,
            ws=protocol_of(runtime.live),  # type: ignore[arg-type]
            timeout_graceful_shutdown=5,
        )
    )
    _settle_memory()
    _allow_many_files()
    telling = asyncio.create_task(_tell(server, settings, opened, ready, said=worker is None))
    try:
        await server.serve(sockets=[listening])
    finally:
        telling.cancel()
    if not server.started:
        raise CannotServe("The server could not start; the log above says why.")


async def _tell(
    server: uvicorn.Server,
    settings: Settings,
    opened: Opened,
    ready: Ready | None,
    *,
    said: bool,
) -> None:
    while not server.started:
        await asyncio.sleep(0.02)
    if said:
        structlog.get_logger(__name__).info("serving", address=settings.base_url)
    if ready is not None:
        try:
            await ready(settings.base_url or "", opened)
        except Exception:
            structlog.get_logger(__name__).exception("start_failed")
            server.should_exit = True


def listen(settings: Settings, *, shared: bool = False) -> socket.socket:
    """The socket to serve on.

    Args:
        shared: other processes listen on the same port, and the kernel spreads the connections.

    Raises:
        CannotServe: the port is taken, or the settings contradict.
    """
    if settings.demo and not demo_allowed(settings.host):
        raise CannotServe(
            "The demo's keys and passwords are public, so the demo listens on loopback only. "
            f"{settings.host} is not loopback: leave AMPARO_HOST out, or AMPARO_DEMO."
        )
    if settings.nats_url is not None:
        try:
            servers(settings.nats_url.get_secret_value())
        except WrongNats as error:
            raise CannotServe(str(error)) from error
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise CannotServe(
            f"Port {settings.port} on {settings.host} cannot be used ({error.strerror}). "
            "Stop the program that uses it, or choose another with AMPARO_PORT or --port."
        ) from error
    listening.set_inheritable(False)
    return listening


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _allow_many_files() -> None:
    """A connection is a descriptor; the customary limit of 1,024 is for programs with few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _settle_memory() -> None:
    """What was loaded stays: collecting it again and again only costs latency (measured)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
