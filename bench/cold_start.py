"""``python -m bench.cold_start``: from the command to the first help page, content loaded.

The first run starts on an empty folder (PostgreSQL is made, migrated and filled), the next one on
the same folder after an orderly end. Memory is the resident set of Amparo's own processes after
both a page and an answer of the assistant were served; PostgreSQL's are not counted.
"""

import argparse
import signal
import statistics
import time

import httpx
import psutil

from bench.common import progress, result
from tests.journeys.people import new_chat, populate, visitor
from tests.servers import Server, data_folder, left_behind

_PAGE = "/help/en/orders_track_parcel"
_PART_OF_IT = "Track parcel"


def timed_start(server: Server) -> float:
    """Start the server; seconds until an answer of the help centre has come as a page."""
    began = time.monotonic()
    server.launch()
    server.wait_for(lambda: server.entries("serving"), "it serves")
    server.port = int(str(server.entries("serving")[-1]["address"]).rsplit(":", 1)[1])
    page = httpx.get(f"{server.url}{_PAGE}", trust_env=False, timeout=60)
    took = time.monotonic() - began
    if page.status_code != 200 or _PART_OF_IT not in page.text:
        raise SystemExit(f"{_PAGE} answered {page.status_code}")
    return took


def ask_the_assistant(server: Server) -> None:
    """One question and its answer, so that all of the assistant is in memory."""
    live = visitor(server).live()
    chat = new_chat(live)
    live.until(lambda: live.last_seq(chat) == 2, "the assistant answers", 30)
    live.close()


def resident_mb(server: Server) -> float:
    """Resident memory of the server and its children, without PostgreSQL."""
    ours = [psutil.Process(server.pid)]
    ours += [one for one in ours[0].children(recursive=True) if one.name() != "postgres"]
    return sum(process.memory_info().rss for process in ours) / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", type=int, default=1, help="next runs; their median counts")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with data_folder() as data:
        server = Server(data)
        try:
            first = timed_start(server)
            progress(f"first run: {first:.2f} s")
            with server.database() as database:
                populate(database)
            later, resident = [], 0.0
            for _ in range(given.again):
                server.interrupt()
                server = Server(data)
                later.append(timed_start(server))
                progress(f"next run: {later[-1]:.2f} s")
                ask_the_assistant(server)
                resident = max(resident, resident_mb(server))
            server.interrupt()
        finally:
            server.close()
    left = left_behind()
    if left:
        raise SystemExit(f"processes left behind: {left}")
    result(
        {
            "first_run_s": round(first, 2),
            "next_run_s": round(statistics.median(later), 2),
            "rss_mb": round(resident, 1),
        }
    )


if __name__ == "__main__":
    main()
