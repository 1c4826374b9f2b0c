"""What the assistant would say: for editors, who look before they change anything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from amparo.assistant.library import Library as Library
from amparo.assistant.library import read_examples
from amparo.assistant.ranking import Example
from amparo.assistant.rules import decide
from amparo.assistant.shelf import Confused as Confused
from amparo.assistant.shelf import Shelf

NEAREST = 3


@dataclass(frozen=True, slots=True)
class Edit:
    """New words for a question in one language, not published yet.

    Attributes:
        wordings: further wordings to learn with it.
    """

    question: str
    language: str
    title: str
    body: str | None
    wordings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said to a text: ``answer`` with its question, ``suggest``, ``unknown`` ..."""

    decision: str
    question: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A stored question that would be answered in another way.

    Attributes:
        example: it is a known wording, judged without itself.
    """

    text: str
    language: str
    before: Verdict
    after: Verdict
    example: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything that an edit's effect is computed from: no session, so it may take its time."""

    library: Library
    shelf: Shelf
    examples: list[Example]
    asked: Sequence[tuple[str, str]]


def nearest(session: Session, library: Library, texts: Iterable[str]) -> dict[str, list[str]]:
    """The three questions nearest to each text, best first."""
    ranker = library.shelf(session).ranker
    return {
        text: [ranked.question for ranked in ranker.rank(text, count=NEAREST).found]
        for text in texts
    }


def confused(session: Session, library: Library) -> Sequence[Confused]:
    """Questions whose own wordings find another one, most frequent first."""
    return library.shelf(session).confused


def trial(
    session: Session, library: Library, edit: Edit, asked: Sequence[tuple[str, str]]
) -> Trial:
    """Get ready to compute the effect of an edit on what was ``asked``: (text, language)."""
    shelf = library.shelf(session)
    return Trial(library, shelf, _edited(read_examples(session), edit), asked)


def effect(of: Trial) -> tuple[list[Change], int]:
    """What would be answered in another way, and how many questions were compared.

    Takes seconds of one core: a model is made.
    """
    after = of.library.candidate(of.examples)
    changes = [
        Change(text, language, before, then, example=False)
        for text, language in of.asked
        for before, then in ((_verdict(text, language, of.shelf), _verdict(text, language, after)),)
        if before != then
    ]
    left_out = {_key(one.example): one.found for one in of.shelf.left_out}
    for one in after.left_out:
        found = left_out.get(_key(one.example), one.found)
        if found != one.found:
            example = one.example
            told = (_found(found), _found(one.found))
            changes.append(Change(example.text, example.language, *told, example=True))
    return changes, len(of.asked) + len(after.left_out)


def _edited(examples: list[Example], edit: Edit) -> list[Example]:
    here = (edit.question, edit.language)
    kept = [
        one
        for one in examples
        if (one.question, one.language) != here or one.kind not in ("title", "answer")
    ]
    new = [Example(edit.question, edit.title, "title", edit.language)]
    if edit.body:
        new.append(Example(edit.question, edit.body, "answer", edit.language))
    new += [Example(edit.question, text, "wording", edit.language) for text in edit.wordings]
    return kept + new


def _verdict(text: str, language: str, shelf: Shelf) -> Verdict:
    reply = decide(text, shelf, language)
    return Verdict(reply.decision, reply.question)


def _found(question: str | None) -> Verdict:
    return Verdict("answer", question) if question else Verdict("unknown", None)


def _key(example: Example) -> tuple[str, str, str]:
    return (example.question, example.language, example.text)
