"""R5: cuts at random bytes, stalls, resets, half-open and doubled connections."""

import random
from typing import Any

import pytest
import uvloop

from bench import reconnect
from bench.common import FAST
from tests.journeys.conftest import NewServer

pytestmark = [pytest.mark.fault, pytest.mark.timeout(120)]


def test_every_client_on_a_bad_line_ends_with_the_log(new_server: NewServer) -> None:
    """The controls come back one number too late, or send again under a fresh id: both show."""
    server, seed = new_server(**FAST), random.randrange(10**6)
    figures: dict[str, Any]
    figures, struck = uvloop.run(
        reconnect.measure(server, clients=24, seconds=14, rate=30, seed=seed)
    )
    assert reconnect.kept(figures), f"seed {seed}: {figures}"
    assert {"cut", "reset", "stall", "half open", "twin", "down"} <= set(struck), struck
