"""How long a wait will be: an honest range, learnt from what waits were. Pure.

Somebody at place *k* of a queue that *s* slots serve waits for *k* of them to become free: about
``k / s`` times the work of one conversation. Recent waits say how much that work is and how it
scatters at this place (their ``actual * slots / position``), so a range is a piece of what was
seen, not a formula's: nothing is assumed of how long conversations last.

Two more things are learnt. How much of what was seen a range has to hold: each wait that fell out
of its range raises it a little, each one inside lowers it less, so that in the long run
``TARGET`` of all ranges hold the truth whatever the world does (adaptive conformal inference,
Gibbs and Candes 2021). And how wide a range may be: one that is wider than the usual wait says
nothing, so for the nearer half of the queue it never is; the farther half makes up for that.

Memory is bounded; what is forgotten is what is oldest.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import ceil, floor, log

TARGET = 0.85
"""Share of ranges that hold the truth; promised is 0.8 to 0.9."""
ENOUGH = 30
"""Waits that must be known before anything is said."""
REMEMBERED = 10_000
_IN_BUCKET = 1000
_REFRESH = 50
_STEP = 0.003
_LEAST, _STRAINED, _MOST = 0.5, 0.95, 0.995
_NARROWER = 0.88
"""Of the usual wait: it is itself only estimated, and is not the same all the time."""
_NEARER_HALF = 0.54
"""A little more than half, as the middle of a small sample is not the middle."""


@dataclass(frozen=True, slots=True)
class WaitRange:
    """From the moment of asking (s)."""

    low: float
    high: float

    @property
    def low_s(self) -> int:
        """Whole seconds, never narrower than the range."""
        return floor(self.low)

    @property
    def high_s(self) -> int:
        return ceil(self.high)

    def holds(self, actual: float) -> bool:
        return self.low <= actual <= self.high


@dataclass(frozen=True, slots=True)
class Waited:
    """A wait that is over.

    Attributes:
        position: the place at entry, 1 is next.
        slots: conversations that those who served could hold at once, then.
        told: what was said at entry; None where nothing was known yet.
        actual: how long it took (s).
    """

    position: int
    slots: int
    told: WaitRange | None
    actual: float


@dataclass(slots=True)
class _Bucket:
    """What was seen at some places of the queue: work per turn, and the present range of it."""

    seen: deque[float] = field(default_factory=lambda: deque(maxlen=_IN_BUCKET))
    fresh: int = 0
    span: tuple[float, float] | None = None


class WaitModel:
    """Learns from waits and tells ranges for one queue and one urgency."""

    def __init__(self, waits: Iterable[Waited] = ()) -> None:
        self._recent: deque[Waited] = deque(maxlen=REMEMBERED)
        self._buckets: dict[int, _Bucket] = {}
        self._level = TARGET
        self._work = self._turns = 0.0
        self._usual, self._near, self._stale = 0.0, 0, 0
        self._scatter: list[float] = []
        for wait in waits:
            self.learn(wait)

    def learn(self, wait: Waited) -> None:
        """A wait is over."""
        if wait.position < 1 or wait.slots < 1:
            return
        if len(self._recent) == REMEMBERED:
            self._count(self._recent[0], -1)
        self._recent.append(wait)
        self._count(wait, 1)
        bucket = self._buckets.setdefault(_bucket(wait.position), _Bucket())
        bucket.seen.append(wait.actual * wait.slots / wait.position)
        bucket.fresh += 1
        if wait.told is not None:
            missed = TARGET - wait.told.holds(wait.actual)
            self._level = min(_MOST, max(_LEAST, self._level + _STEP * missed))
        self._stale += 1

    def range(self, position: int, slots: int) -> WaitRange | None:
        """The wait of whoever stands at this place now; None where too little is known."""
        if len(self._recent) < ENOUGH or position < 1 or slots < 1:
            return None
        if not self._usual or self._stale >= min(len(self._recent) // 10, 10 * _REFRESH):
            self._look_back()
        turns = position / slots
        bucket = self._buckets.get(_bucket(position))
        if bucket is None or len(bucket.seen) < ENOUGH:
            low, high = self._span(self._borrowed(position), position, turns)
        else:
            if bucket.span is None or bucket.fresh >= _REFRESH:
                bucket.span = self._span(sorted(bucket.seen), position, turns)
                bucket.fresh = 0
            low, high = bucket.span
        return WaitRange(max(0.0, low * turns), high * turns)

    def _count(self, wait: Waited, sign: int) -> None:
        self._work += sign * wait.actual * wait.slots
        self._turns += sign * wait.position

    def _span(self, seen: Sequence[float], position: int, turns: float) -> tuple[float, float]:
        """The shortest piece that holds enough, cut to the usual wait where it must be."""
        low, high = shortest(seen, self._level)
        # where the farther half cannot make up for it, the nearer half is cut less
        lost = max(0.0, (self._level - _STRAINED) / (_MOST - _STRAINED))
        widest = (_NARROWER + (1 - _NARROWER) * lost) * self._usual / turns
        if position <= self._near and high - low > widest:
            low, high = fullest(seen, widest)
        return low, high

    def _borrowed(self, position: int) -> list[float]:
        """What would be seen at a place that few have stood at: every place's scatter, scaled."""
        mean = self._work / self._turns
        return [mean * max(0.0, 1 + z / position**0.5) for z in self._scatter]

    def _look_back(self) -> None:
        waits = sorted(wait.actual for wait in self._recent)
        places = sorted(wait.position for wait in self._recent)
        self._usual = waits[len(waits) // 2]
        self._near = places[min(len(places) - 1, int(len(places) * _NEARER_HALF))]
        mean = max(1e-9, self._work / self._turns)
        self._scatter = sorted(
            (wait.actual * wait.slots / wait.position / mean - 1) * wait.position**0.5
            for wait in islice(reversed(self._recent), _IN_BUCKET)
        )
        self._stale = 0


def shortest(seen: Sequence[float], share: float) -> tuple[float, float]:
    """The shortest piece of sorted values that holds that share of them."""
    count = min(len(seen), max(1, ceil(share * len(seen))))
    start = min(range(len(seen) - count + 1), key=lambda i: seen[i + count - 1] - seen[i])
    return seen[start], seen[start + count - 1]


def fullest(seen: Sequence[float], width: float) -> tuple[float, float]:
    """The piece of that width that holds the most of the sorted values."""
    best, start = 0, 0
    for first, value in enumerate(seen):
        count = bisect_left(seen, value + width, first) - first
        if count > best:
            best, start = count, first
    return seen[start], seen[start] + width


def _bucket(position: int) -> int:
    """Places that are treated alike: the first eight alone, then ever wider groups."""
    return position if position <= 8 else 8 + ceil(log(position / 8) / log(1.25))
