"""The index in memory, made anew when the help centre's content changes.

Every process has one. A new index is made beside the old one, in a thread of its own, and then
takes its place at once: nobody waits for it but the very first question.
"""

from threading import Lock, Thread
from uuid import UUID, uuid5

import structlog
from sqlalchemy.orm import Session

from amparo.assistant.examples_queries import added_examples, examples_revision
from amparo.assistant.model import Example
from amparo.assistant.shelf import Shelf, made_of
from amparo.assistant.shipped import wordings
from amparo.help_centre import queries as help_centre
from amparo.kernel.memory import give_back

log = structlog.get_logger(__name__)
_NOBODYS = UUID(int=0)


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
        revision = content_revision(session)
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
            self._shelf = shelf = made_of(examples, revision)
            log.info("assistant_model_made", examples=len(examples), questions=len(shelf.questions))
        finally:
            self._making = None
            give_back()  # 15 MB of temporary arrays


def candidate(examples: list[Example]) -> Shelf:
    """A shelf to try an edit out; nobody is answered from it."""
    return made_of(examples, _NOBODYS)


def content_revision(session: Session) -> UUID:
    """A name of everything that is learnt from: texts of the help centre and added wordings."""
    return uuid5(help_centre.revision(session), str(examples_revision(session)))


def read_examples(session: Session) -> list[Example]:
    """Titles and answers as they are now, and the wordings shipped for those questions."""
    examples: list[Example] = []
    present: dict[str, None] = {}
    for question, language, title, body in help_centre.all_texts(session):
        present[question] = None
        examples.append(Example(question, title, "title", language))
        if body:
            examples.append(Example(question, body, "answer", language))
    for added in added_examples(session):
        if added.question in present:
            examples.append(Example(added.question, added.text, "wording", added.language))
    for question in present:
        for language, texts in wordings().get(question, {}).items():
            examples += [Example(question, text, "wording", language) for text in texts]
    return examples
