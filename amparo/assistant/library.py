"""What the assistant knows, made anew when the content changes.

Every process has one library. What was learnt is kept in a file named by what it was learnt from;
only where there is none does somebody learn, in a process of their own, while the shelf of
yesterday (or letters alone) answers. The new shelf then takes its place at once.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from threading import Event, Lock, Thread
from uuid import UUID, uuid5

import structlog
from sqlalchemy.orm import Session

from amparo.assistant import keeping
from amparo.assistant.embedder import embedders
from amparo.assistant.examples_queries import added_examples, examples_revision
from amparo.assistant.ranking import Example
from amparo.assistant.shelf import Shelf, by_letters, by_model
from amparo.assistant.shipped import examples_of
from amparo.assistant.training import teaching
from amparo.help_centre import queries as help_centre
from amparo.kernel.memory import give_back

log = structlog.get_logger(__name__)

_PATIENCE_S = 900
_KEPT_FILES = 3
_MEANT = 5
_NOBODYS = UUID(int=0)


class Library:
    """Hands out the current shelf."""

    def __init__(self, folder: Path | None = None) -> None:
        """Args:
        folder: where learnt models are kept; without one an edit is answered by letters alone.
        """
        self._folder = folder
        self._shelf: Shelf | None = None
        self._making: Thread | None = None
        self._wanted: UUID | None = None
        self._examples: list[Example] = []
        self._lock = Lock()
        self._ready = Event()

    def shelf(self, session: Session) -> Shelf:
        """The shelf to answer from now. Only the first call in a process waits for it."""
        self.refresh(session)
        self._ready.wait()
        assert self._shelf is not None
        return self._shelf

    def refresh(self, session: Session) -> None:
        """Start making a new shelf where the content is no longer the one we know."""
        revision = content_revision(session)
        with self._lock:
            if revision == (self._wanted or self._shelf_revision()):
                return
            self._wanted, self._examples = revision, read_examples(session)
            if self._making is None:
                self._making = Thread(target=self._make, daemon=True)
                self._making.start()

    def wait(self) -> None:
        """Wait for the shelf that is being made, if one is."""
        making = self._making
        if making is not None:
            making.join()

    def meaning(self, query: str, language: str) -> list[tuple[str, float]]:
        """Questions that mean the same as a search's words; none while nothing is learnt yet."""
        shelf = self._shelf
        if shelf is None:
            return []
        ranking = shelf.ranker.rank(query, language, _MEANT)
        if ranking.familiarity < shelf.thresholds.known:
            return []
        return [(ranked.question, min(ranked.score, 1.0)) for ranked in ranking.found]

    def candidate(self, examples: Sequence[Example]) -> Shelf:
        """A shelf to try an edit out; nobody is answered from it. Takes seconds."""
        kept = self._kept(examples, _NOBODYS)
        return kept or self._learnt(examples, _NOBODYS) or by_letters(examples, _NOBODYS)

    def _shelf_revision(self) -> UUID | None:
        return self._shelf.revision if self._shelf else None

    def _make(self) -> None:
        """Make what is wanted, until it is what there is: an edit may come meanwhile."""
        while (task := self._next_task()) is not None:
            revision, examples = task
            try:
                self._make_one(revision, examples)
            except Exception:
                log.exception("assistant_learning_failed")
                self._put(by_letters(examples, revision))  # who waits must not wait for ever
            give_back()  # the temporary arrays

    def _next_task(self) -> tuple[UUID, list[Example]] | None:
        with self._lock:
            if self._wanted is None or self._wanted == self._shelf_revision():
                self._wanted = self._making = None
                self._examples = []
                return None
            return self._wanted, self._examples

    def _make_one(self, revision: UUID, examples: list[Example]) -> None:
        shelf = self._kept(examples, revision)
        if shelf is None and self._shelf is None:
            self._put(by_letters(examples, _NOBODYS))
        self._put(shelf or self._learnt(examples, revision) or by_letters(examples, revision))

    def _put(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._ready.set()
        log.info(
            "assistant_learnt",
            model=shelf.ranker.name,
            questions=len(shelf.questions),
            sure=round(shelf.thresholds.sure, 3),
            known=round(shelf.thresholds.known, 3),
        )

    def _kept(self, examples: Sequence[Example], revision: UUID) -> Shelf | None:
        encoders, taught = embedders(), teaching(examples)
        if not encoders or not taught:
            return None
        name = keeping.file_name(taught, encoders)
        for folder in filter(None, (keeping.PREPARED, self._folder)):
            found = keeping.kept(folder / name, taught, encoders)
            if found is not None:
                return by_model(examples, revision, *found)
        return None

    def _learnt(self, examples: Sequence[Example], revision: UUID) -> Shelf | None:
        """Learn what is not kept yet; None where that cannot be done here."""
        encoders, taught = embedders(), teaching(examples)
        if self._folder is None or not encoders or not taught:
            return None
        if not _learn(self._folder / keeping.file_name(taught, encoders), taught):
            return None
        _forget_the_oldest(self._folder)
        return self._kept(examples, revision)


def content_revision(session: Session) -> UUID:
    """A name of everything that is learnt from: texts of the help centre and added wordings."""
    return uuid5(help_centre.revision(session), str(examples_revision(session)))


def read_examples(session: Session) -> list[Example]:
    """Titles and answers as they are now, and the wordings known for those questions."""
    added = (
        Example(one.question, one.text, "wording", one.language) for one in added_examples(session)
    )
    return examples_of(help_centre.all_texts(session), added)


def _learn(path: Path, examples: Sequence[Example]) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "amparo.assistant.learn", str(path)]
    lesson = json.dumps([astuple(example) for example in examples]) + "\n"
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        assert child.stderr is not None
        try:
            child.stdin.write(lesson.encode())
            child.stdin.flush()
            child.wait(_PATIENCE_S)
        except (OSError, subprocess.TimeoutExpired):
            child.kill()
        said = child.stderr.read().decode(errors="replace")
    if child.returncode != 0:
        log.error("assistant_learning_failed", code=child.returncode, said=said[-2000:])
    return child.returncode == 0


def _forget_the_oldest(folder: Path) -> None:
    """Old models, and what learners that were ended had begun to write; nobody learns now."""
    for unfinished in folder.glob(f"*{keeping.UNFINISHED}"):
        unfinished.unlink(missing_ok=True)
    files = sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in files[_KEPT_FILES:]:
        old.unlink(missing_ok=True)
