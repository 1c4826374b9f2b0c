"""Runs the site beside Amparo, in a thread: it ends with the process, however that ends."""

import socket
import threading
import time

import uvicorn
from starlette.applications import Starlette


class PortTaken(Exception):
    """Nothing can listen there; the message names the port and the option."""


class SiteServer:
    """The site's own web server, on a port that is taken at once."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
            self._socket.listen(128)
        except OSError as error:
            self._socket.close()
            raise PortTaken(
                f"Port {port} on {host} cannot be used for the site ({error.strerror}). "
                "Stop the program that uses it, or choose another with --site-port."
            ) from None
        self._socket.set_inheritable(False)
        self.address = f"http://{host}:{self._socket.getsockname()[1]}"
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self, application: Starlette) -> None:
        """Begin to answer; returns when it does."""
        config = uvicorn.Config(
            application, log_config=None, access_log=False, lifespan="off", server_header=False
        )
        server = self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=server.run, kwargs={"sockets": [self._socket]}, name="mercadia", daemon=True
        )
        self._thread.start()
        while not server.started and self._thread.is_alive():
            time.sleep(0.02)

    def stop(self) -> None:
        """End; what is being answered is finished."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(3)
        self._socket.close()
