"""What the benches share: progress to stderr, one JSON object last on stdout, a filled server."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.journeys.people import populate
from tests.servers import Server, embedded_server, left_behind

FAST = {
    "AMPARO_LIMIT_POST": "1000000/second",
    "AMPARO_LIVE_FRAMES_PER_SECOND": "1000000",
    "AMPARO_LIVE_FRAMES_BURST": "1000000",
    "AMPARO_LIVE_CONNECTIONS_PER_ADDRESS": "100000",
    "AMPARO_LIVE_CONNECTIONS_PER_PERSON": "100000",
    "AMPARO_LOG_LEVEL": "info",
}
"""A bench sends as fast as it can from one address: the limits on people are not measured."""


def progress(text: str) -> None:
    """A line for whoever watches."""
    print(text, file=sys.stderr, flush=True)


def result(figures: dict[str, object]) -> None:
    """The figures, as the last line of stdout."""
    print(json.dumps(figures), flush=True)


@contextmanager
def mercadia(**settings: str) -> Iterator[Server]:
    """A running server on an empty folder, with the people of the tests.

    Ends it, removes its folder, and fails where a process is left.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # `timeout` must leave nothing, too
    with embedded_server(**FAST | settings) as server:
        server.start()
        with server.database() as database:
            populate(database)
        yield server
    left = left_behind()
    if left:
        raise SystemExit(f"processes left behind: {left}")
