"""The front end folds streams (``frontend/core/streams.test.ts``) that this server really told.

``frontend/core/streams.fixture.json`` holds one conversation with every kind of event, as its
buyer and as the staff got it. Here the same things happen again: where the server tells them in
another shape, this fails. Write it anew with ``AMPARO_WRITE_FIXTURES=1``.
"""

import json
import os
import re
from typing import Any

from amparo.conversations.events import STREAM_KINDS
from tests.contracts.sources import FRONTEND
from tests.journeys.people import TEO, staff
from tests.journeys.whole_story import told
from tests.servers import Server

FIXTURE = FRONTEND / "core" / "streams.fixture.json"
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-][\d:]+)")
_OPEN = ("extra",)
"""What the assistant and other parts put into a message is theirs; its keys are compared only
where a chat writes them."""
_OURS = ("quote", "mentions", "files")


def shape(value: Any, key: str = "") -> Any:
    """A value with its words, ids and times taken out, the kinds of them left in."""
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if key not in _OPEN or k in _OURS}
        return {name: shape(one, name) for name, one in sorted(kept.items())}
    if isinstance(value, list):
        return [shape(one) for one in value]
    if not isinstance(value, str) or key in ("kind", "party", "to", "from", "reason"):
        return value if not isinstance(value, str) or not _ID.fullmatch(value) else "id"
    return "id" if _ID.fullmatch(value) else "time" if _TIME.fullmatch(value) else "text"


def test_the_front_ends_fixture_is_what_the_server_tells(server: Server) -> None:
    streams = told(server, staff(server), staff(server, TEO))
    kinds = {event["kind"] for stream in streams.values() for event in stream}
    assert kinds == {name for name, _ in STREAM_KINDS.values()}
    assert "4111" not in json.dumps(streams)
    if os.environ.get("AMPARO_WRITE_FIXTURES"):
        FIXTURE.write_text(json.dumps(streams, ensure_ascii=False, indent=1) + "\n", "utf-8")
    known = json.loads(FIXTURE.read_text("utf-8"))
    for party, stream in streams.items():
        assert [event["kind"] for event in known[party]] == [event["kind"] for event in stream]
        for before, now in zip(known[party], stream, strict=True):
            assert shape(before) == shape(now), party
