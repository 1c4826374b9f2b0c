"""The model: which question does a text ask? Heads on meaning and on letters, averaged.

Each head is a logistic regression and gives a probability for every question: one on the points
of each encoder (texts of all languages together), one on the character n-grams of each language
(sisters share one: they spell alike and so have twice the examples). The
probabilities are averaged. A text is familiar when the best question is probable *and* a known
text is near to it, in meaning and in letters: the probability alone is high for strangers too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amparo.assistant.embedder import Embedder
from amparo.assistant.heads import Dense, Head
from amparo.assistant.ranking import Example, Ranked, Ranking
from amparo.assistant.tfidf import Rows, Vocabulary
from amparo.assistant.ukrainian import readable

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


_SISTER = {"uk": "ru", "pt": "es"}


def spelling_of(language: str, text: str) -> tuple[str, str]:
    """The language whose letters a text is compared with, and the text as it is spelt there."""
    return _SISTER.get(language, language), readable(text)


@dataclass(frozen=True, slots=True)
class Meaning:
    """The examples as points of one encoder, seen from their middle, where angles tell most."""

    middle: Floats
    points: Floats
    head: Head

    def look(self, points: Floats) -> tuple[Floats, Floats]:
        """Probabilities of the questions, and the likeness to each example, for each point."""
        turned = around(self.middle, points)
        return self.head.probabilities(Dense(turned)), turned @ self.points.T


@dataclass(frozen=True, slots=True)
class Letters:
    """The examples of one language as n-grams."""

    vocabulary: Vocabulary
    rows: Rows
    labels: Ints
    head: Head

    def look(self, text: str) -> tuple[Floats, Floats]:
        """Probabilities of the questions, and the likeness to each example of the language."""
        columns, values = row = self.vocabulary.row(text)
        one = Rows(np.array([0, len(columns)]), columns, values, self.rows.width)
        return self.head.probabilities(one)[0], self.rows.likeness(row)


@dataclass(frozen=True, slots=True)
class View:
    """A text as the heads see it: how probable each question is, how near its nearest examples
    are in meaning, and in letters (in meaning where the language has no letters)."""

    probable: Floats
    near: Floats
    spelt: Floats

    def without(self, question: int) -> "View":
        """The same text where nobody had thought of this question."""
        probable, near, spelt = self.probable.copy(), self.near.copy(), self.spelt.copy()
        probable[question], near[question], spelt[question] = 0, -1, 0
        return View(probable / max(float(probable.sum()), 1e-9), near, spelt)

    @property
    def familiarity(self) -> float:
        """Probability and likenesses of the nearest question, together."""
        return float(self.probable.max() + self.near.max() + self.spelt.max())

    @property
    def confidence(self) -> float:
        """How familiar, and how far ahead of its rival the best question is."""
        two = np.sort(self.probable)[-2:]
        rival = float(two[0]) if len(two) > 1 else 0.0
        return self.familiarity * (float(two[-1]) - rival)


@dataclass(frozen=True)
class Model:
    """What was learnt from examples; immutable.

    Attributes:
        examples: titles and wordings that it was learnt from, in the order of the rows.
        labels: number of each example's question.
    """

    embedders: Sequence[Embedder]
    questions: Sequence[str]
    examples: Sequence[Example]
    labels: Ints
    meanings: Sequence[Meaning]
    letters: Mapping[str, Letters]

    @property
    def name(self) -> str:
        """The kind of model, and its encoders."""
        return "+".join(("heads-1", *(embedder.name for embedder in self.embedders)))

    def rank(self, text: str, language: str | None = None, count: int = 3) -> Ranking:
        """The questions that fit best; letters count only in a language that has examples."""
        looks = [
            meaning.look(embedder.embed([text]))
            for embedder, meaning in zip(self.embedders, self.meanings, strict=True)
        ]
        likeness = np.mean([like[0] for _, like in looks], axis=0)
        view = self.view(text, language, [share[0] for share, _ in looks], likeness)
        return self.ranking(view, likeness, count)

    def view(
        self, text: str, language: str | None, shares: Sequence[Floats], likeness: Floats
    ) -> View:
        """What all heads together see, given what the heads on meaning see."""
        near = _best(likeness, self.labels, len(self.questions), -1.0)
        of, spelt_text = spelling_of(language or "", text)
        letters = self.letters.get(of)
        if letters is None:
            return View(np.mean(shares, axis=0), near, near)
        share, alike = letters.look(spelt_text)
        spelt = _best(alike, letters.labels, len(self.questions), 0.0)
        return View(np.mean([*shares, share], axis=0), near, spelt)

    def ranking(self, view: View, likeness: Floats, count: int = 3) -> Ranking:
        """The best questions of what was seen."""
        best = np.argsort(-view.probable, kind="stable")[:count].tolist()
        found = tuple(
            Ranked(self.questions[at], float(view.probable[at]), self._nearest(at, likeness))
            for at in best
        )
        return Ranking(found, view.confidence, view.familiarity)

    def _nearest(self, question: int, likeness: Floats) -> str:
        mine = np.where(self.labels == question, likeness, -2)
        return self.examples[int(mine.argmax())].text


def _best(likeness: Floats, labels: Ints, questions: int, least: float) -> Floats:
    """The likeness of each question's nearest example."""
    best = np.full(questions, least, np.float32)
    np.maximum.at(best, labels, likeness)
    return best


def around(middle: Floats, points: Floats) -> Floats:
    """Points as directions from the middle."""
    moved = points - middle
    lengths = np.sqrt((moved * moved).sum(axis=1, keepdims=True))
    return np.asarray(moved / np.maximum(lengths, 1e-6), np.float32)
