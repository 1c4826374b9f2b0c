"""What was learnt, as a file: a start does not learn again what it knew yesterday.

Numbers only (numpy's ``npz``, read without pickle). The examples themselves are not in it: a file
fits exactly one list of examples, named by its digest.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import structlog

from amparo.assistant.embedder import Embedder
from amparo.assistant.heads import Head
from amparo.assistant.model import Letters, Meaning, Model, around
from amparo.assistant.ranking import Example, LeftOut, Ranked, Ranking
from amparo.assistant.tfidf import Rows, Vocabulary

log = structlog.get_logger(__name__)

PREPARED = Path(__file__).parent / "prepared"
"""What was learnt from the shipped content when the program was built (:mod:`.prepare`)."""
_FORM = "5"
"""Raise it when the same examples would be learnt in another way."""
UNFINISHED = ".part"
"""How the name of a file ends that is being written."""
_FOUND = 3
_DAMAGED = (OSError, EOFError, ValueError, KeyError, IndexError, BadZipFile)

Floats = npt.NDArray[np.float32]
Arrays = dict[str, Any]
Learnt = tuple[Model, Sequence[LeftOut]]


def digest(examples: Sequence[Example], embedders: Sequence[Embedder]) -> str:
    """The name of what these examples, in this order, teach with these encoders."""
    told = [[one.question, one.text, one.kind, one.language] for one in examples]
    names = [embedder.name for embedder in embedders]
    said = json.dumps([_FORM, names, told], ensure_ascii=False)
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def file_name(examples: Sequence[Example], embedders: Sequence[Embedder]) -> str:
    """The name of the file that keeps what these examples teach with these encoders."""
    return f"{digest(examples, embedders)}.npz"


def keep(path: Path, model: Model, left_out: Sequence[LeftOut], points: Sequence[Floats]) -> None:
    """Write the file; who reads it meanwhile sees the old one or the new one, whole."""
    arrays: Arrays = {
        "labels": model.labels.astype(np.int32),
        "texts": _names([example.text for example in model.examples]),
        "encoders": np.array([embedder.name for embedder in model.embedders]),
    }
    for at, meaning in enumerate(model.meanings):
        arrays |= {
            f"meaning{at}.middle": meaning.middle,
            f"meaning{at}.points": points[at].astype(np.float16),
        } | _head(f"meaning{at}", meaning.head)
    for language, letters in model.letters.items():
        arrays |= {
            f"letters.{language}.known": letters.vocabulary.known.astype(np.int32),
            f"letters.{language}.rarity": letters.vocabulary.rarity,
            f"letters.{language}.starts": letters.rows.starts.astype(np.int32),
            f"letters.{language}.columns": letters.rows.columns.astype(np.int32),
            f"letters.{language}.values": letters.rows.values.astype(np.float16),
            f"letters.{language}.labels": letters.labels.astype(np.int32),
        } | _head(f"letters.{language}", letters.head)
    arrays |= _left_out(model, left_out)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}{UNFINISHED}")
    with unfinished.open("wb") as file:
        np.savez(file, **arrays)
    unfinished.replace(path)


def points_of(
    texts: Sequence[str], embedders: Sequence[Embedder], files: Iterable[Path]
) -> list[Floats]:
    """The texts as points of each encoder: remembered from the files, or made now."""
    names = _names(texts).tolist()
    known: list[dict[int, Floats]] = [{} for _ in embedders]
    for path in files:
        with suppress(*_DAMAGED), np.load(path, allow_pickle=False) as file:
            if file["encoders"].tolist() == [embedder.name for embedder in embedders]:
                kept_names = file["texts"].tolist()
                for at, points in enumerate(known):
                    points.update(zip(kept_names, file[f"meaning{at}.points"], strict=True))
    return [
        _remembered(texts, names, embedder, points)
        for embedder, points in zip(embedders, known, strict=True)
    ]


def _remembered(
    texts: Sequence[str], names: Sequence[int], embedder: Embedder, known: dict[int, Floats]
) -> Floats:
    new = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
    made = embedder.embed(list(new.values())) if new else ()
    points = known | dict(zip(new, made, strict=True))
    return np.array([points[name] for name in names], np.float32)


def _names(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    hashes = (hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(b"".join(hashes), np.uint64)


def kept(path: Path, examples: Sequence[Example], embedders: Sequence[Embedder]) -> Learnt | None:
    """What the file holds; None where there is none, or it is damaged."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        return _read(arrays, examples, embedders)
    except FileNotFoundError:
        return None
    except _DAMAGED as broken:
        log.warning("assistant_model_unreadable", path=str(path), why=str(broken))
        return None


def _read(arrays: Arrays, examples: Sequence[Example], embedders: Sequence[Embedder]) -> Learnt:
    questions = list(dict.fromkeys(example.question for example in examples))
    languages = [name.split(".")[1] for name in arrays if name.endswith(".known")]
    model = Model(
        embedders=embedders,
        questions=questions,
        examples=examples,
        labels=arrays["labels"].astype(np.int64),
        meanings=[
            Meaning(
                arrays[f"meaning{at}.middle"],
                around(
                    arrays[f"meaning{at}.middle"], arrays[f"meaning{at}.points"].astype(np.float32)
                ),
                _head_of(arrays, f"meaning{at}"),
            )
            for at in range(len(embedders))
        ],
        letters={language: _letters_of(arrays, f"letters.{language}") for language in languages},
    )
    return model, _left_out_of(arrays, model)


def _letters_of(arrays: Arrays, name: str) -> Letters:
    rows = Rows(
        arrays[f"{name}.starts"].astype(np.int64),
        arrays[f"{name}.columns"].astype(np.int64),
        arrays[f"{name}.values"].astype(np.float32),
        len(arrays[f"{name}.known"]),
    )
    vocabulary = Vocabulary(arrays[f"{name}.known"].astype(np.int64), arrays[f"{name}.rarity"])
    labels = arrays[f"{name}.labels"].astype(np.int64)
    return Letters(vocabulary, rows, labels, _head_of(arrays, name))


def _head(name: str, head: Head) -> Arrays:
    return {f"{name}.weights": head.weights.astype(np.float16), f"{name}.bias": head.bias}


def _head_of(arrays: Arrays, name: str) -> Head:
    return Head(arrays[f"{name}.weights"], arrays[f"{name}.bias"])


def _left_out(model: Model, cases: Sequence[LeftOut]) -> Arrays:
    number = {question: at for at, question in enumerate(model.questions)}
    found = np.full((len(cases), _FOUND), -1, np.int32)
    scores = np.zeros((len(cases), _FOUND), np.float32)
    for row, case in enumerate(cases):
        for place, ranked in enumerate(case.ranking.found[:_FOUND]):
            found[row, place], scores[row, place] = number[ranked.question], ranked.score
    ratings = [(case.ranking.confidence, case.ranking.familiarity, case.stranger) for case in cases]
    return {
        "left_out.found": found,
        "left_out.scores": scores,
        "left_out.ratings": np.array(ratings, np.float64).reshape(-1, 3),
    }


@dataclass(frozen=True)
class KeptCases(Sequence[LeftOut]):
    """What became of the examples, made into objects only where somebody looks: thousands of them
    are looked at once a week, by an administrator."""

    model: Model
    found: Any
    scores: Any
    ratings: Any

    def __len__(self) -> int:
        return len(self.found)

    @overload
    def __getitem__(self, at: int) -> LeftOut: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[LeftOut]: ...
    def __getitem__(self, at: int | slice) -> LeftOut | Sequence[LeftOut]:
        if isinstance(at, slice):
            return [self[row] for row in range(*at.indices(len(self)))]
        ranked = tuple(
            Ranked(self.model.questions[place], score, "")
            for place, score in zip(self.found[at].tolist(), self.scores[at].tolist(), strict=True)
            if place >= 0
        )
        confidence, familiarity, stranger = self.ratings[at].tolist()
        ranking = Ranking(ranked, confidence, familiarity)
        return LeftOut(self.model.examples[at], ranking, stranger)


def _left_out_of(arrays: Arrays, model: Model) -> KeptCases:
    found, ratings = arrays["left_out.found"], arrays["left_out.ratings"]
    if not len(found) == len(ratings) == len(model.examples):
        raise ValueError("another list of examples")
    return KeptCases(model, found, arrays["left_out.scores"], ratings)
