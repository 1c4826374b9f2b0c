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
from amparo.assistant.keeping import keep
from amparo.assistant.ranking import Example
from amparo.assistant.training import Lesson

_KINDNESS = 10
"""Whatever answers people goes first."""


def main(path: Path) -> None:
    """Read, learn, write."""
    os.nice(_KINDNESS)
    examples = [Example(*row) for row in json.loads(sys.stdin.readline())]
    threading.Thread(target=_end_with_the_input, daemon=True).start()
    lesson = Lesson(examples, embedders())
    keep(path, lesson.model(), lesson.left_out())


def _end_with_the_input() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
