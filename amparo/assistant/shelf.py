"""All that answers are decided with: the model, its thresholds, what it was made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from amparo.assistant.index import Index
from amparo.assistant.ranking import Example, LeftOut, Ranker, Thresholds, thresholds


@dataclass(frozen=True, slots=True)
class Confused:
    """Two questions that the model takes for one another.

    Attributes:
        asked: the question that the examples belong to.
        found: the one that was found when the example itself was left out.
        texts: the examples.
    """

    asked: str
    found: str
    texts: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many examples."""
        return len(self.texts)


@dataclass(frozen=True)
class Shelf:
    """A model with all that belongs to it; immutable, replaced as a whole.

    Attributes:
        revision: the content and examples that the model was made of.
        questions: keys of the questions in it.
        left_out: what became of each example when it was left out in its turn.
    """

    revision: UUID
    ranker: Ranker
    questions: frozenset[str]
    left_out: Sequence[LeftOut]

    @cached_property
    def thresholds(self) -> Thresholds:
        """From when on the model is believed."""
        return thresholds(self.left_out)

    @cached_property
    def confused(self) -> list[Confused]:
        """Pairs of questions whose examples find the other one, most frequent first."""
        texts: dict[tuple[str, str], list[str]] = {}
        for case in self.left_out:
            if case.found is not None and case.found != case.example.question:
                texts.setdefault((case.example.question, case.found), []).append(case.example.text)
        pairs = sorted(texts, key=lambda pair: len(texts[pair]), reverse=True)
        return [Confused(*pair, tuple(texts[pair])) for pair in pairs]


def by_letters(examples: Sequence[Example], revision: UUID) -> Shelf:
    """A shelf that goes by letters alone: ready in seconds, for want of a better one."""
    index = Index(examples)
    return Shelf(revision, index, _questions(examples), index.left_out())


def by_model(
    examples: Sequence[Example], revision: UUID, model: Ranker, left_out: Sequence[LeftOut]
) -> Shelf:
    """A shelf with what was learnt from the examples."""
    return Shelf(revision, model, _questions(examples), left_out)


def _questions(examples: Sequence[Example]) -> frozenset[str]:
    return frozenset(example.question for example in examples)
