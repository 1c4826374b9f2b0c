"""All that answers are decided with: the model, its thresholds, what it was made of."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from amparo.assistant.model import Example, Index, LeftOut, Thresholds


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
    index: Index
    thresholds: Thresholds
    questions: frozenset[str]
    left_out: Sequence[LeftOut]

    @cached_property
    def confused(self) -> list[Confused]:
        """Pairs of questions whose examples find the other one, most frequent first."""
        texts: dict[tuple[str, str], list[str]] = {}
        for case in self.left_out:
            if case.found is not None and case.found != case.example.question:
                texts.setdefault((case.example.question, case.found), []).append(case.example.text)
        counts = Counter({pair: len(found) for pair, found in texts.items()})
        return [Confused(*pair, tuple(texts[pair])) for pair, _ in counts.most_common()]


def made_of(examples: Sequence[Example], revision: UUID) -> Shelf:
    """Learn from the examples; takes seconds of one core."""
    index = Index(examples)
    left_out = index.leave_out()
    questions = frozenset(example.question for example in examples)
    return Shelf(revision, index, index.thresholds(left_out), questions, left_out)
