"""What is learnt, with what, and how it is kept."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from amparo.assistant import embedder as encoders
from amparo.assistant import keeping, rules
from amparo.assistant.embedder import Floats, embedders
from amparo.assistant.heads import Dense, learn
from amparo.assistant.library import Library
from amparo.assistant.ranking import Example
from amparo.assistant.shelf import Shelf
from amparo.assistant.tfidf import learnt_vocabulary
from amparo.assistant.training import Lesson, teaching
from amparo.assistant.translit import russian_reading

WORDS = {
    "parcel": ["where is my parcel", "track the parcel", "parcel on its way?", "follow my parcel"],
    "refund": ["give me my money back", "refund please", "I want a refund", "money returned when"],
    "cancel": ["cancel the order", "I do not want it any more", "stop my order", "undo purchase"],
}


def small() -> list[Example]:
    return teaching(Example(q, text, "wording", "en") for q, ts in WORDS.items() for text in ts)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted in /proc")
def test_linear_algebra_and_the_encoder_have_one_thread() -> None:
    """With more, two busy cores take a hundred times longer than one."""
    program = (
        "import amparo, os, numpy as np;"
        "from amparo.assistant.embedder import UniversalEncoder;"
        "a = np.ones((600, 600), np.float32); a @ a; UniversalEncoder().embed(['hello'] * 50);"
        "print(len(os.listdir('/proc/self/task')))"
    )
    environment = {key: value for key, value in os.environ.items() if "THREADS" not in key}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "1"


def test_points_of_the_same_meaning_are_near_in_other_languages() -> None:
    [encoder] = embedders(extra=False)
    rows = encoder.embed(
        ["where is my parcel", "где моя посылка", "我的包裹在哪里", "nice weather"]
    )
    assert np.allclose((rows * rows).sum(axis=1), 1, atol=1e-3)
    near, near_too, far = (float(rows[0] @ row) for row in rows[1:])
    assert min(near, near_too) > far + 0.3


def test_an_encoder_that_nobody_tried_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "WEIGHTS", "0" * 64)
    embedders.cache_clear()
    try:
        assert embedders(extra=False) == ()
        shelf = Library().candidate(small())
        assert shelf.ranker.name.startswith("ngrams")
        assert shelf.ranker.rank("where is the parcel").found[0].question == "parcel"
    finally:
        embedders.cache_clear()


def test_a_head_learns_what_its_rows_tell_apart() -> None:
    """The optimum of a convex loss: at it, no gradient is left but that of the weights."""
    chance = np.random.default_rng(1)
    labels = chance.integers(0, 3, 200)
    rows = (np.eye(3)[labels] + chance.normal(0, 0.2, (200, 3))).astype(np.float32)
    head = learn(Dense(rows), labels, 3, strength=10.0)
    shares = head.probabilities(Dense(rows))
    assert (shares.argmax(axis=1) == labels).mean() > 0.95
    shares[np.arange(200), labels] -= 1
    assert np.abs(rows.T @ shares + head.weights / 10).max() < 0.2


def test_the_short_way_to_a_head_on_letters_leads_to_the_same_head() -> None:
    """From the likenesses of the texts, or from their n-grams: one optimum."""
    texts = [text for texts in WORDS.values() for text in texts]
    labels = np.repeat(np.arange(3), 4)
    vocabulary, rows = learnt_vocabulary(texts)
    long_way = learn(rows, labels, 3, strength=30.0)
    short_way = Lesson(small(), embedders(extra=False)).model().letters["en"].head
    for text in ("where is it", "money", "cancel my parcel"):
        columns, values = vocabulary.row(text)
        by_grams = values @ long_way.weights[columns]
        by_likeness = values @ short_way.weights[columns]
        # The questions of the small lesson stand in alphabetical order.
        assert np.allclose(by_grams[[2, 0, 1]], by_likeness, atol=0.15), text


def test_what_is_kept_ranks_as_what_was_learnt(tmp_path: Path) -> None:
    lesson = Lesson(small(), embedders(extra=False))
    model, left_out = lesson.model(), lesson.left_out()
    keeping.keep(tmp_path / "it.npz", model, left_out, lesson.points)
    again = keeping.kept(tmp_path / "it.npz", small(), embedders(extra=False))
    assert again is not None
    for text in ("where is it", "my money", "please stop it"):
        was, now = model.rank(text, "en"), again[0].rank(text, "en")
        assert [one.question for one in was.found] == [one.question for one in now.found]
        assert now.familiarity == pytest.approx(was.familiarity, abs=0.01)
    assert [case.found for case in again[1]] == [case.found for case in left_out]
    assert [case.stranger for case in again[1]] == [case.stranger for case in left_out]


class Counting:
    """An encoder that tells what it was asked for."""

    name = "use3"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Floats:
        self.asked += texts
        return embedders(extra=False)[0].embed(texts)


def test_after_an_edit_only_the_new_texts_are_encoded(tmp_path: Path) -> None:
    lesson = Lesson(small(), embedders(extra=False))
    keeping.keep(tmp_path / "old.npz", lesson.model(), lesson.left_out(), lesson.points)
    (tmp_path / "torn.npz").write_bytes(b"PK")
    texts = [example.text for example in small()]
    encoder = Counting()
    files = [tmp_path / "torn.npz", tmp_path / "old.npz"]
    [points] = keeping.points_of([*texts, "a new wording"], [encoder], files)
    assert encoder.asked == ["a new wording"]
    assert np.allclose(points[:-1], lesson.points[0], atol=1e-3)
    assert np.allclose(points[-1:], encoder.embed(["a new wording"]), atol=1e-3)


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"PK\x03\x04 torn"])
def test_a_damaged_file_is_learnt_again_and_not_believed(tmp_path: Path, damage: bytes) -> None:
    taught = small()
    path = tmp_path / f"{keeping.digest(taught, embedders())}.npz"
    path.write_bytes(damage)
    assert keeping.kept(path, taught, embedders()) is None
    assert Library(tmp_path).candidate(small()).ranker.name.startswith("heads")
    assert keeping.kept(path, taught, embedders()) is not None


def test_learning_happens_in_a_process_of_its_own_and_is_kept(tmp_path: Path) -> None:
    shelf = Library(tmp_path).candidate(small())
    assert shelf.ranker.rank("track my parcel", "en").found[0].question == "parcel"
    [kept] = tmp_path.glob("*.npz")
    before = kept.stat().st_mtime_ns
    Library(tmp_path).candidate(small())
    assert kept.stat().st_mtime_ns == before, "the second time nothing is learnt"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("gde moya posylka", "где моя посылка"),
        ("kak vernut dengi", "как вернут денги"),
        ("где моя посылка", None),
        ("¿dónde está?", None),
    ],
)
def test_russian_in_latin_letters_is_read(typed: str, read: str | None) -> None:
    assert russian_reading(typed) == read


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("gde moya posylka", "orders_track_parcel"),
        ("zabyla parol ot akkaunta", "profile_forgot_password"),
        ("kak otmenit zakaz", "orders_cancel"),
    ],
)
def test_russian_in_latin_letters_is_answered_in_russian(
    typed: str, question: str, shelf: Shelf
) -> None:
    reply = rules.decide(typed, shelf, "en")
    assert (reply.question or reply.suggestions[0], reply.language) == (question, "ru")


@pytest.mark.parametrize(
    "text", ["where is my parcel", "dónde está mi paquete", "wo ist mein Paket", "onde está"]
)
def test_other_languages_are_not_taken_for_russian(text: str, shelf: Shelf) -> None:
    assert rules.decide(text, shelf, "en").language is None


def test_who_learns_ends_with_whoever_wanted_to_know(tmp_path: Path) -> None:
    """A server that was killed leaves nobody behind who eats a core for half a minute."""
    lesson = json.dumps([["q", f"some words {n}", "wording", "en"] for n in range(4000)]) + "\n"
    command = [sys.executable, "-m", "amparo.assistant.learn", str(tmp_path / "it.npz")]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as learner:
        assert learner.stdin is not None
        learner.stdin.write(lesson.encode())
        learner.stdin.close()
        assert learner.wait(60) == 1
    assert not (tmp_path / "it.npz").exists()
