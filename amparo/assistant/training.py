"""Learning a model from examples, and seeing what it does with each example left out."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from amparo.assistant.embedder import Embedder
from amparo.assistant.heads import Dense, Head, learn
from amparo.assistant.model import Letters, Meaning, Model, around, spelling_of
from amparo.assistant.ranking import Example, LeftOut
from amparo.assistant.tfidf import Rows, learnt_vocabulary

FOLDS = 5
"""Parts in which the examples are left out."""
_MEANING_BELIEF = 100.0
"""How far points are believed (the strength of their head): they lie close together."""
_LETTERS_BELIEF = 30.0
_MANY = 3_000
"""From this many examples of a language on, the square matrix of their likenesses costs more than
it saves."""
_NOISE = 1e-4
"""Added to the likeness of an example to itself: the same text twice would make it singular."""

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


def teaching(examples: Iterable[Example]) -> list[Example]:
    """The examples that teach, each once and in an order of their own: titles and wordings.

    Answers are too long to be like a question.
    """
    return sorted({example for example in examples if example.kind != "answer"})


class _Spelling:
    """The examples of one language as n-grams, and how like each is to each other one."""

    def __init__(self, texts: Sequence[str], at: Ints) -> None:
        self.at = at
        self.vocabulary, self.rows = learnt_vocabulary(texts)
        self.alike: Floats | None = None
        if len(texts) <= _MANY:
            one_by_one = (self.rows.row(at) for at in range(len(texts)))
            self.alike = np.array([self.rows.likeness(row) for row in one_by_one])

    def letters(self, chosen: Ints, labels: Ints, questions: int) -> Letters | None:
        """The head learnt from those of the ``chosen`` examples that are of this language."""
        mine = np.isin(chosen, self.at)
        if not mine.any():
            return None
        at = np.searchsorted(self.at, chosen[mine])
        rows = self.rows.only(at)
        if self.alike is None:
            head = learn(rows, labels[mine], questions, _LETTERS_BELIEF)
        else:
            head = _learn_from_likeness(rows, self.alike[np.ix_(at, at)], labels[mine], questions)
        return Letters(self.vocabulary, rows, labels[mine], head)


class Lesson:
    """Examples made ready to learn from."""

    def __init__(
        self,
        examples: Sequence[Example],
        embedders: Sequence[Embedder],
        points: Sequence[Floats] | None = None,
    ) -> None:
        """Learn from ``examples`` (see :func:`teaching`) with at least one encoder.

        Args:
            points: those of the examples, for each encoder, where somebody remembers them.
        """
        self._examples = examples
        self._embedders = embedders
        self._questions = list(dict.fromkeys(example.question for example in self._examples))
        number = {question: at for at, question in enumerate(self._questions)}
        self._labels = np.array([number[one.question] for one in self._examples], np.int64)
        texts = [example.text for example in self._examples]
        self.points = points or [embedder.embed(texts) for embedder in embedders]
        self._spelling = dict(self._spellings())

    def _spellings(self) -> Iterator[tuple[str, _Spelling]]:
        spelt = [spelling_of(example.language, example.text) for example in self._examples]
        languages = np.array([language for language, _ in spelt])
        for language in sorted(set(languages.tolist())):
            at = np.nonzero(languages == language)[0]
            yield language, _Spelling([spelt[row][1] for row in at.tolist()], at)

    def model(self) -> Model:
        """What all examples teach."""
        return self._learn(np.arange(len(self._examples)))

    def left_out(self) -> list[LeftOut]:
        """Ask every example of a model that has learnt from the other parts only."""
        part = np.arange(len(self._examples)) % FOLDS
        found: dict[int, LeftOut] = {}
        for number in range(min(FOLDS, len(self._examples))):
            kept, asked = np.nonzero(part != number)[0], np.nonzero(part == number)[0]
            if len(kept):
                found |= dict(self._asked(self._learn(kept), asked))
        return [found[at] for at in sorted(found)]

    def _learn(self, chosen: Ints) -> Model:
        labels, size = self._labels[chosen], len(self._questions)
        letters = {
            language: learnt
            for language, spelling in self._spelling.items()
            if (learnt := spelling.letters(chosen, labels, size)) is not None
        }
        return Model(
            embedders=self._embedders,
            questions=self._questions,
            examples=[self._examples[at] for at in chosen],
            labels=labels,
            meanings=[_meaning(points[chosen], labels, size) for points in self.points],
            letters=letters,
        )

    def _asked(self, model: Model, asked: Ints) -> Iterator[tuple[int, LeftOut]]:
        looks = [
            meaning.look(points[asked])
            for meaning, points in zip(model.meanings, self.points, strict=True)
        ]
        for row, at in enumerate(asked.tolist()):
            example = self._examples[at]
            likeness = np.mean([near[row] for _, near in looks], axis=0)
            shares = [share[row] for share, _ in looks]
            view = model.view(example.text, example.language, shares, likeness)
            stranger = view.without(int(self._labels[at])).confidence
            yield at, LeftOut(example, model.ranking(view, likeness), stranger)


def _meaning(points: Floats, labels: Ints, questions: int) -> Meaning:
    middle = points.mean(axis=0)
    turned = around(middle, points)
    return Meaning(middle, turned, learn(Dense(turned), labels, questions, _MEANING_BELIEF))


def _learn_from_likeness(rows: Rows, alike: Floats, labels: Ints, questions: int) -> Head:
    """The same head as from the rows, some times faster: where ``rows @ rows.T`` is
    ``root @ root.T``, the rows of ``root`` stand for theirs, and are short."""
    root = np.linalg.cholesky(alike.astype(np.float64) + _NOISE * np.eye(len(alike)))
    head = learn(Dense(root.astype(np.float32)), labels, questions, _LETTERS_BELIEF)
    shares = np.linalg.solve(root.T, head.weights.astype(np.float64)).astype(np.float32)
    return Head(rows.transposed_times(shares), head.bias)
