"""``python -m amparo.assistant.prepare``: learn from the shipped content when the program is built.

A new installation then answers as well in its first second as later; without the file the first
start learns by itself, beside the server.
"""

from amparo.assistant import keeping
from amparo.assistant.embedder import TABLE, UniversalEncoder, embedders
from amparo.assistant.keeping import PREPARED
from amparo.assistant.ranking import Example
from amparo.assistant.shipped import wordings
from amparo.assistant.training import Lesson, teaching
from amparo.help_centre.queries import shipped_texts


def shipped_examples() -> list[Example]:
    """Titles, answers and wordings that an installation has on its first day."""
    found: list[Example] = []
    for question, language, title, body in shipped_texts():
        found.append(Example(question, title, "title", language))
        if body:
            found.append(Example(question, body, "answer", language))
    for question, by_language in wordings().items():
        for language, texts in by_language.items():
            found += [Example(question, text, "wording", language) for text in texts]
    return found


def main() -> None:
    """Learn, unless it was learnt before."""
    PREPARED.mkdir(exist_ok=True)
    encoders = embedders(extra=False)
    for encoder in encoders:
        if isinstance(encoder, UniversalEncoder) and not TABLE.exists():
            encoder.write_table(TABLE)
    taught = teaching(shipped_examples())
    path = PREPARED / f"{keeping.digest(taught, encoders)}.npz"
    if not encoders or path.exists():
        return
    lesson = Lesson(taught, encoders)
    keeping.keep(path, lesson.model(), lesson.left_out(), lesson.points)
    for old in PREPARED.glob("*.npz"):
        if old != path:
            old.unlink()


if __name__ == "__main__":
    main()
