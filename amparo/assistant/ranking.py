"""What a model finds for a text, and from when on that is believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

RIGHT = 0.95
"""Share of left-out examples that must find their question where we call ourselves sure."""
TRUSTED = 0.15
"""Share of the strangers that may be answered as if they were known."""
LOST = 0.1
"""Share of left-out examples, of those found in the first three, that may count as unknown.

An example that is left out has lost its nearest relatives; of real questions far fewer are lost.
"""

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """A text that belongs to a question: its title, a wording people use, or its answer."""

    question: str
    text: str
    kind: Literal["title", "wording", "answer"]
    language: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question and how well it fits; ``example`` is the known wording nearest to the text."""

    question: str
    score: float
    example: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """The questions that fit best, best first.

    Attributes:
        confidence: how far the first one can be believed.
        familiarity: how near the text is to anything known; low for what nobody can answer.
    """

    found: tuple[Ranked, ...] = ()
    confidence: float = 0.0
    familiarity: float = 0.0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a model without this example found for its text.

    Attributes:
        stranger: how confident the model would be if nobody had thought of the text's question:
            it stands for what nobody can answer, and is harder to tell than most of that.
    """

    example: Example
    ranking: Ranking
    stranger: float

    @property
    def found(self) -> str | None:
        return self.ranking.found[0].question if self.ranking.found else None

    @property
    def near(self) -> bool:
        """Whether its own question is among those found."""
        return self.example.question in [ranked.question for ranked in self.ranking.found]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on we are sure, and up to when we know nothing.

    Attributes:
        sure: least confidence for giving an answer.
        known: least familiarity for making suggestions.
    """

    sure: float
    known: float


class Ranker(Protocol):
    """A model that has learnt from examples; immutable."""

    @property
    def name(self) -> str:
        """Stored with every answer; another one when the same texts would be ranked otherwise."""
        ...

    def rank(self, text: str, language: str | None = None, count: int = 3) -> Ranking:
        """The questions that fit ``text`` best; ``language`` where it is known."""
        ...


def thresholds(left_out: Sequence[LeftOut]) -> Thresholds:
    """Calibrate on the examples themselves, each left out in its turn."""
    right = np.array([case.found == case.example.question for case in left_out], bool)
    near = np.array([case.near for case in left_out], bool)
    familiar = np.array([case.ranking.familiarity for case in left_out])
    confident = np.array([case.ranking.confidence for case in left_out])
    strangers = np.array([case.stranger for case in left_out])
    sure = max(_where_right(confident, right), _quantile(strangers, 1 - TRUSTED))
    return Thresholds(sure=sure, known=_quantile(familiar[near], LOST))


def _where_right(confidences: Scores, right: npt.NDArray[np.bool_]) -> float:
    """The lowest confidence above which a share of ``RIGHT`` is right; infinite where none is."""
    order = np.argsort(-confidences, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.nonzero(share >= RIGHT)[0]
    return float(confidences[order[good[-1]]]) if len(good) else float("inf")


def _quantile(scores: Scores, share: float) -> float:
    return float(np.quantile(scores, share)) if len(scores) else 0.0
