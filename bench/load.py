"""The load that a bench puts on a system: pairs of people, of whom one writes and one reads.

The same two loops drive Amparo, its peers and the physical limit: ``windowed`` keeps so many
messages of each pair under way (a closed loop: the most that the system does), ``offered`` sends
at a fixed rate whatever comes back (an open loop: a latency counts from the moment at which the
message was *meant* to be sent, so that a system that stalls cannot hide it).
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bench.common import progress

BODY = "message {} of some length, as people write them in a chat"
BUSIEST = 0.9
"""Share of a core above which the generator itself is what was measured."""
_TICK_S = 0.001
_CAME = -1.0


def nobody(*_: object) -> None:
    """Who listens to a pair before its first run."""


class Pair(Protocol):
    """Somebody who writes and somebody who reads.

    Attributes:
        arrived: called with a message's number when the *reader* has it.
        refused: called with the number of a message that was refused, and the seconds after
            which the system wants to be asked again (None where it does not say).
        sent: how many messages it has sent, in all runs.
    """

    arrived: Callable[[int], None]
    refused: Callable[[int, float | None], None]
    sent: int

    def send(self, number: int) -> None:
        """Write a message now; the numbers of a pair count from 0 and never come again."""


@dataclass
class Measured:
    """What one run saw, the first ``settle`` seconds left out.

    Attributes:
        latencies: seconds from written (or meant to be) until the other side had it.
        refusals: what each refusal said about when to come back (s), or None.
        disordered: messages that came before an earlier one of the same pair.
        doubled: messages that came again.
        missing: messages that neither came nor were refused within the patience.
        cpu_share: what the generator took of its core, 0 to 1.
    """

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refusals: list[float | None] = field(default_factory=list)
    disordered: int = 0
    doubled: int = 0
    missing: int = 0
    cpu_share: float = 0.0

    @property
    def rate(self) -> float:
        """Messages a second that arrived."""
        return len(self.latencies) / self.seconds

    def percentile_ms(self, hundredth: int) -> float:
        """A percentile of the latency, in milliseconds."""
        return statistics.quantiles(self.latencies, n=100)[hundredth - 1] * 1000

    def must_hold(self, what: str) -> "Measured":
        """Itself, where the run may be reported.

        Raises:
            SystemExit: messages were lost or refused, nothing came, or the generator was what
                limited the run.
        """
        progress(
            f"{what}: {self.rate:,.0f} messages/s, generator at {self.cpu_share:.0%} of its core"
        )
        if self.missing or self.refusals:
            raise SystemExit(f"{what}: {self.missing} lost, {len(self.refusals)} refused")
        if self.disordered or self.doubled:
            raise SystemExit(f"{what}: {self.disordered} out of order, {self.doubled} came again")
        if len(self.latencies) < 2:
            raise SystemExit(f"{what}: too few messages arrived to say anything")
        if self.cpu_share > BUSIEST:
            raise SystemExit(f"{what}: the generator was at {self.cpu_share:.0%} of its core")
        return self


class _Lane:
    """One pair in a run."""

    def __init__(self, pair: Pair, run: "_Run") -> None:
        self.pair, self.run, self.first = pair, run, pair.sent
        self.began: list[float] = []
        self.last = -1
        pair.arrived, pair.refused = self.arrived, self.refused

    def send(self, meant: float) -> None:
        self.run.under_way += 1
        self.began.append(meant)
        number = self.pair.sent
        self.pair.sent += 1
        self.pair.send(number)

    def arrived(self, number: int) -> None:
        now, run = time.perf_counter(), self.run
        place = number - self.first
        if place < 0:
            return  # of an earlier run, later than its patience
        meant, self.began[place] = self.began[place], _CAME
        if meant == _CAME:
            run.seen.doubled += 1
            return
        if number < self.last:
            run.seen.disordered += 1
        self.last = number
        if meant >= run.begin if run.whole else run.begin <= now < run.end:
            run.seen.latencies.append(now - meant)
        run.settled(self, now)

    def refused(self, _: int, after: float | None) -> None:
        self.run.seen.refusals.append(after)
        self.run.settled(self, time.perf_counter())


class _Run:
    """The loop's state: ``whole`` counts every message meant after the settling."""

    def __init__(self, seconds: float, settle: float, *, again: bool, whole: bool) -> None:
        self.begin = time.perf_counter() + settle
        self.end = self.begin + seconds
        self.again, self.whole = again, whole
        self.seen = Measured(seconds)
        self.under_way = 0
        self.idle = asyncio.Event()

    def settled(self, lane: _Lane, now: float) -> None:
        self.under_way -= 1
        if self.again and now < self.end:
            lane.send(now)
        elif not self.under_way:
            self.idle.set()

    async def drained(self, patience: float) -> Measured:
        """Wait for what is under way, then say what was seen."""
        deadline = time.perf_counter() + patience
        while self.under_way and (left := deadline - time.perf_counter()) > 0:
            self.idle.clear()
            try:
                async with asyncio.timeout(left):
                    await self.idle.wait()
            except TimeoutError:
                break
        self.seen.missing = self.under_way
        return self.seen


async def windowed(
    pairs: Sequence[Pair],
    window: int,
    seconds: float,
    *,
    settle: float = 1.0,
    patience: float = 20.0,
) -> Measured:
    """Keep each pair's window full.

    Args:
        window: messages of each pair under way.
        seconds: how long is measured.
        settle: seconds before that, not measured.
        patience: seconds to wait at the end for what is under way.
    """
    run = _Run(seconds, settle, again=True, whole=False)
    lanes = [_Lane(pair, run) for pair in pairs]
    for lane in lanes:
        for _ in range(window):
            lane.send(time.perf_counter())
    await asyncio.sleep(max(0.0, run.begin - time.perf_counter()))
    spent = time.process_time()
    await asyncio.sleep(max(0.0, run.end - time.perf_counter()))
    run.seen.cpu_share = (time.process_time() - spent) / seconds
    return await run.drained(patience)


async def offered(
    pairs: Sequence[Pair],
    rate: float,
    seconds: float,
    *,
    settle: float = 1.0,
    patience: float = 20.0,
) -> Measured:
    """Send at a fixed rate, spread over the pairs in turn.

    Args:
        rate: messages a second, of all pairs together.
        seconds, settle, patience: as in :func:`windowed`.
    """
    run = _Run(seconds, settle, again=False, whole=True)
    lanes = [_Lane(pair, run) for pair in pairs]
    begin, spent, cpu = time.perf_counter(), 0.0, None
    total = int(rate * (seconds + settle))
    sent = 0
    while sent < total:
        now = time.perf_counter()
        if cpu is None and now >= run.begin:
            cpu = time.process_time()
        for number in range(sent, min(total, int((now - begin) * rate) + 1)):
            lanes[number % len(lanes)].send(begin + number / rate)
            sent = number + 1
        await asyncio.sleep(_TICK_S)
    took = time.perf_counter() - run.begin
    if cpu is not None:
        spent = time.process_time() - cpu
    run.seen.cpu_share = spent / max(took, seconds)
    return await run.drained(patience)
