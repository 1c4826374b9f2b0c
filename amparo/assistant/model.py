"""The index of known wordings: which question does a text ask, and how sure can we be?

TF-IDF over character n-grams. Everything is one pass of plain numpy over sorted arrays: no
matrix product, so no threads of a linear-algebra library, and some megabytes of memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from amparo.assistant.grams import BITS, Places, places

NAME = "ngrams-1"
"""Stored with every answer; another name when the same texts would be ranked in another way."""
RIVAL = 0.7
"""How much the second-best question takes from our confidence in the best one."""
RIGHT = 0.65
"""Share of left-out examples that must find their question where we call ourselves sure.

Lower than what buyers get: a left-out wording has lost its nearest relative, a buyer's wording
has not. On questions of real buyers the same threshold is right far more often.
"""
LOST = 0.05
"""Share of left-out examples, of those found in the first three, that may count as unknown."""

Floats = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
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
class LeftOut:
    """What a model without this example found for its text: at most three, best first."""

    example: Example
    questions: tuple[str, ...]
    scores: tuple[float, ...]

    @property
    def found(self) -> str | None:
        return self.questions[0] if self.questions else None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on we are sure, and up to when we know nothing.

    Attributes:
        sure: least confidence (score less ``RIVAL`` times the next one's) for giving an answer.
        known: least score for making suggestions.
    """

    sure: float
    known: float


class Index:
    """Known wordings, ready to be compared with a text; immutable once made."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = examples
        self._questions = list(dict.fromkeys(example.question for example in examples))
        number = {question: at for at, question in enumerate(self._questions)}
        self._question = np.array([number[example.question] for example in examples], np.int64)
        self._is_answer = np.array([example.kind == "answer" for example in examples], bool)
        self._fill([np.unique(places(e.text), return_counts=True) for e in examples])

    def _fill(self, counted: Sequence[tuple[Places, Places]]) -> None:
        seen = np.zeros(1 << BITS, np.int64)
        for grams, _ in counted:
            seen[grams] += 1
        self._rarity = (np.log((1 + len(counted)) / (1 + seen)) + 1).astype(np.float32)
        grams = np.concatenate([g for g, _ in counted] or [np.zeros(0, np.int64)])
        weights = np.concatenate([self._weights(*c) for c in counted] or [np.zeros(0, np.float32)])
        rows = np.repeat(np.arange(len(counted)), [len(g) for g, _ in counted])
        order = np.argsort(grams, kind="stable")
        self._rows, self._row_weights = rows[order].astype(np.int32), weights[order]
        self._starts = np.searchsorted(grams[order], np.arange((1 << BITS) + 1))

    def rank(self, text: str, count: int = 3) -> list[Ranked]:
        """The questions that fit best, best first; those with nothing in common are left out."""
        likeness = self._likeness(text)
        scores = self._scores(likeness)
        best = np.argsort(-scores, kind="stable")[:count]
        return [
            Ranked(self._questions[at], float(scores[at]), self._nearest(at, likeness))
            for at in best.tolist()
            if scores[at] > 0
        ]

    def leave_out(self) -> list["LeftOut"]:
        """Ask every title and wording with the example itself left out."""
        found = []
        for row, example in enumerate(self._examples):
            if example.kind == "answer":
                continue
            likeness = self._likeness(example.text)
            likeness[row] = 0
            ranking = self._scores(likeness)
            order = np.argsort(-ranking, kind="stable")[:3]
            keys = [self._questions[at] for at in order.tolist() if ranking[at] > 0]
            found.append(LeftOut(example, tuple(keys), tuple(ranking[order].tolist())))
        return found

    def thresholds(self, left_out: Sequence["LeftOut"] | None = None) -> Thresholds:
        """Calibrate on the examples themselves, each left out in its turn."""
        cases = self.leave_out() if left_out is None else left_out
        right = np.array([case.found == case.example.question for case in cases], bool)
        near = np.array([case.example.question in case.questions for case in cases], bool)
        scores = np.array([case.scores[0] for case in cases])
        return Thresholds(
            sure=_where_right(np.array([confidence(case.scores) for case in cases]), right),
            known=_where_lost(scores[near]) if len(cases) else 0.0,
        )

    def _likeness(self, text: str) -> Floats:
        """Cosine of the text with every example."""
        grams, counts = np.unique(places(text), return_counts=True)
        weights = self._weights(grams, counts)
        starts, ends = self._starts[grams], self._starts[grams + 1]
        sizes = ends - starts
        # The postings of all n-grams as one run of positions, without a loop in Python.
        skipped = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if len(sizes) else sizes
        at = np.repeat(starts - skipped, sizes) + np.arange(sizes.sum())
        products = self._row_weights[at] * np.repeat(weights, sizes)
        sums = np.bincount(self._rows[at], weights=products, minlength=len(self._examples))
        return sums.astype(np.float32)

    def _weights(self, grams: Places, counts: Places) -> Floats:
        weights = ((1 + np.log(counts)) * self._rarity[grams]).astype(np.float32)
        length = float(np.sqrt((weights * weights).sum()))
        return weights / np.float32(length) if length else weights

    def _scores(self, likeness: Floats) -> Scores:
        """Best wording + all wordings together + the answer, for each question."""
        answers = np.where(self._is_answer, likeness, 0)
        wordings = np.where(self._is_answer, 0, likeness)
        size = len(self._questions)
        best, answer = np.zeros(size), np.zeros(size)
        np.maximum.at(best, self._question, wordings)
        np.maximum.at(answer, self._question, answers)
        together = np.bincount(self._question, weights=wordings**2, minlength=size)
        return best + answer + np.sqrt(together)

    def _nearest(self, question: int, likeness: Floats) -> str:
        mine = np.where((self._question == question) & ~self._is_answer, likeness, -1)
        return self._examples[int(mine.argmax())].text


def confidence(scores: Sequence[float]) -> float:
    """How far the best score stands out; the scores come best first."""
    if not scores:
        return 0.0
    return scores[0] - RIVAL * (scores[1] if len(scores) > 1 else 0.0)


def _where_right(confidences: Scores, right: npt.NDArray[np.bool_]) -> float:
    """The lowest confidence above which a share of ``RIGHT`` is right; infinite where none is."""
    order = np.argsort(-confidences, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.nonzero(share >= RIGHT)[0]
    return float(confidences[order[good[-1]]]) if len(good) else float("inf")


def _where_lost(scores: Scores) -> float:
    return float(np.quantile(scores, LOST)) if len(scores) else 0.0
