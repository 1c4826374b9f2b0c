"""``python -m amparo.assistant.learn FILE``: learn in a process of its own, beside the server.

The examples come as one line of JSON on standard input; what was learnt goes into the file. The
input stays open: when it ends, whoever wanted to know is gone, and so are we.
"""

import json
import os
import sys
import threading
from pathlib import Path

from amparo.assistant.embedder import embedders
from amparo.assistant.keeping import PREPARED, keep, points_of
from amparo.assistant.ranking import Example
from amparo.assistant.training import Lesson

_KINDNESS = 10
"""Whatever answers people goes first."""
_REMEMBERED = 2
"""Files that points are taken from: an edit changes few texts."""


def main(path: Path) -> None:
    """Read, learn, write."""
    os.nice(_KINDNESS)
    examples = [Example(*row) for row in json.loads(sys.stdin.readline())]
    threading.Thread(target=_end_with_the_input, daemon=True).start()
    encoders = embedders()
    files = sorted((*PREPARED.glob("*.npz"), *path.parent.glob("*.npz")), key=_age)[:_REMEMBERED]
    points = points_of([example.text for example in examples], encoders, files)
    lesson = Lesson(examples, encoders, points)
    keep(path, lesson.model(), lesson.left_out(), lesson.points)


def _age(path: Path) -> float:
    return -path.stat().st_mtime


def _end_with_the_input() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
