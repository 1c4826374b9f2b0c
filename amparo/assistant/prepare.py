"""``python -m amparo.assistant.prepare``: learn from the shipped content when the program is built.

A new installation then answers as well in its first second as later; without the file the first
start learns by itself, beside the server.
"""

from amparo.assistant import keeping
from amparo.assistant.embedder import TABLE, UniversalEncoder, embedders
from amparo.assistant.keeping import PREPARED
from amparo.assistant.ranking import Example
from amparo.assistant.shipped import examples_of
from amparo.assistant.training import Lesson, teaching
from amparo.help_centre.queries import shipped_texts


def shipped_examples() -> list[Example]:
    """Titles, answers and wordings that an installation has on its first day."""
    return examples_of(shipped_texts())


def main() -> None:
    """Learn, unless it was learnt before."""
    PREPARED.mkdir(exist_ok=True)
    encoders = embedders(extra=False)
    for encoder in encoders:
        if isinstance(encoder, UniversalEncoder) and not TABLE.exists():
            encoder.write_table(TABLE)
    taught = teaching(shipped_examples())
    path = PREPARED / keeping.file_name(taught, encoders)
    if not encoders or path.exists():
        return
    lesson = Lesson(taught, encoders)
    keeping.keep(path, lesson.model(), lesson.left_out(), lesson.points)
    for old in PREPARED.glob("*.npz"):
        if old != path:
            old.unlink()


if __name__ == "__main__":
    main()
