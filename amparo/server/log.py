"""Log lines to stderr, for people or for machines."""

import logging
import os
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from amparo.config import Settings

_TRACE_HEAD, _TRACE_TAIL = 800, 2_000


class _WholeLines:
    """Writes each entry with its end of line in one call.

    Several threads and processes share one stderr: an entry written in parts, or one longer than
    a pipe takes at once (4,096 bytes), would be mixed with another's.
    """

    def msg(self, message: str) -> None:
        """Write one entry."""
        sys.stderr.flush()
        data = (message + "\n").encode("utf-8", "backslashreplace")
        while data:
            data = data[os.write(sys.stderr.fileno(), data) :]

    log = debug = info = warning = error = critical = exception = fatal = warn = failure = err = msg


def configure_log(settings: Settings) -> None:
    """Set up the log of this process."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for noisy in ("uvicorn", "alembic", "httpx"):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))
    last = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        # as repr: what strangers send must not end a line or steer the reader's terminal
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), repr_native_str=True)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _shortened,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _WholeLines(),
    )


def _shortened(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """How it began and where it ended; what lies between is mostly a library's."""
    trace = entry.get("exception")
    if isinstance(trace, str) and len(trace) > _TRACE_HEAD + _TRACE_TAIL:
        entry["exception"] = f"{trace[:_TRACE_HEAD]}\n[...]\n{trace[-_TRACE_TAIL:]}"
    return entry
