"""The index of known wordings: an answer by letters alone, ready in two seconds.

Until the model has learnt, and where there is no encoder, this is what answers. TF-IDF over
character n-grams; everything is one pass of plain numpy over sorted arrays.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from amparo.assistant.ranking import Example, LeftOut, Ranked, Ranking
from amparo.assistant.tfidf import learnt_vocabulary

RIVAL = 0.7
"""How much the second-best question takes from our confidence in the best one."""
ENOUGH = 1_000
"""Examples that thresholds are calibrated on."""

Floats = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]


class Index:
    """Known wordings, ready to be compared with a text; immutable once made."""

    name = "ngrams-2"

    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = examples
        self._questions = list(dict.fromkeys(example.question for example in examples))
        number = {question: at for at, question in enumerate(self._questions)}
        self._question = np.array([number[example.question] for example in examples], np.int64)
        self._is_answer = np.array([example.kind == "answer" for example in examples], bool)
        self._vocabulary, self._rows = learnt_vocabulary([one.text for one in examples])

    def rank(self, text: str, language: str | None = None, count: int = 3) -> Ranking:  # noqa: ARG002
        """The questions that fit best, best first; those with nothing in common are left out."""
        return self._ranking(self._likeness(text), count)

    def left_out(self) -> list[LeftOut]:
        """Ask titles and wordings, evenly chosen, with the example itself left out."""
        rows = np.nonzero(~self._is_answer)[0]
        found = []
        for row in rows[:: len(rows) // ENOUGH + 1].tolist():
            likeness = self._likeness(self._examples[row].text)
            likeness[row] = 0
            known = self._ranking(likeness, 3)
            others = np.where(self._question == self._question[row], 0, likeness)
            stranger = self._ranking(others.astype(np.float32), 2).confidence
            found.append(LeftOut(self._examples[row], known, stranger))
        return found

    def _likeness(self, text: str) -> Floats:
        """Cosine of the text with every example."""
        return self._rows.likeness(self._vocabulary.row(text))

    def _ranking(self, likeness: Floats, count: int) -> Ranking:
        scores = self._scores(likeness)
        best = np.argsort(-scores, kind="stable")[: max(count, 2)].tolist()
        found = [
            Ranked(self._questions[at], float(scores[at]), self._nearest(at, likeness))
            for at in best
            if scores[at] > 0
        ]
        if not found:
            return Ranking()
        second = found[1].score if len(found) > 1 else 0.0
        return Ranking(tuple(found[:count]), found[0].score - RIVAL * second, found[0].score)

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
