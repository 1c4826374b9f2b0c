"""The index in memory, made anew when the help centre's content changes.

Every process has one. A new index is made beside the old one, in a thread of its own, and then
takes its place at once: nobody waits for it but the very first question.
"""

from dataclasses import dataclass
from threading import Lock, Thread
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from amparo.assistant.model import Example, Index, Thresholds
from amparo.assistant.shipped import wordings
from amparo.help_centre import queries as help_centre
from amparo.kernel.memory import give_back

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """An index with all that belongs to it; immutable.

    Attributes:
        revision: the help centre's content that the index was made of.
        questions: keys of the questions in it.
    """

    revision: UUID
    index: Index
    thresholds: Thresholds
    questions: frozenset[str]


class Library:
    """Hands out the current index."""

    def __init__(self) -> None:
        self._shelf: Shelf | None = None
        self._making: Thread | None = None
        self._lock = Lock()

    def shelf(self, session: Session) -> Shelf:
        """The index to answer from now. Only the first call in a process waits for it."""
        self.refresh(session)
        self.wait(unless_ready=True)
        assert self._shelf is not None
        return self._shelf

    def refresh(self, session: Session) -> None:
        """Start making a new index where the content is no longer the one we know."""
        revision = help_centre.revision(session)
        with self._lock:
            if self._making is not None or (self._shelf and self._shelf.revision == revision):
                return
            examples = read_examples(session)
            self._making = Thread(target=self._make, args=(revision, examples), daemon=True)
            self._making.start()

    def wait(self, *, unless_ready: bool = False) -> None:
        """Wait for the index that is being made, if one is."""
        making = self._making
        if making is not None and not (unless_ready and self._shelf):
            making.join()

    def _make(self, revision: UUID, examples: list[Example]) -> None:
        try:
            index = Index(examples)
            questions = frozenset(example.question for example in examples)
            self._shelf = Shelf(revision, index, index.thresholds(), questions)
            log.info("assistant_index_made", examples=len(examples), questions=len(questions))
        finally:
            self._making = None
            give_back()  # 15 MB of temporary arrays


def read_examples(session: Session) -> list[Example]:
    """Titles and answers as they are now, and the wordings shipped for those questions."""
    examples: list[Example] = []
    present: dict[str, None] = {}
    for question, language, title, body in help_centre.all_texts(session):
        present[question] = None
        examples.append(Example(question, title, "title", language))
        if body:
            examples.append(Example(question, body, "answer", language))
    for question in present:
        for language, texts in wordings().get(question, {}).items():
            examples += [Example(question, text, "wording", language) for text in texts]
    return examples
