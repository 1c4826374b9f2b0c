"""Public sets of questions as rows that ``bench.assistant`` reads.

Usage: ``python scripts/assistant_sets.py FOLDER OUT``, where FOLDER holds ``banking77``,
``clinc150``, ``hint3-curekart`` and ``xsid`` as their authors publish them. Writes
``OUT/<set>.train.jsonl`` and ``OUT/<set>.test.jsonl``; a null label is a question that nobody can
answer. Licences: BANKING77 CC BY 4.0, CLINC150 CC BY 3.0, HINT3 ODbL, xSID CC BY-SA 4.0.
"""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

NOT_ANSWERABLE = "NO_NODES_DETECTED"
XSID_TESTS = ("de", "it", "nl", "tr", "zh")

Row = tuple[str, str | None, str]
"""Text, label, language."""


def banking77(folder: Path) -> Iterator[tuple[str, list[Row]]]:
    """77 matters of a bank's customers, English."""
    for part in ("train", "test"):
        with (folder / f"{part}.csv").open(encoding="utf-8", newline="") as file:
            yield part, [(row["text"], row["category"], "en") for row in csv.DictReader(file)]


def clinc150(folder: Path) -> Iterator[tuple[str, list[Row]]]:
    """150 matters of ten fields and questions about none of them, English."""
    data = json.loads((folder / "data_full.json").read_text("utf-8"))
    yield "train", [(text, label, "en") for text, label in data["train"]]
    known: list[Row] = [(text, label, "en") for text, label in data["test"]]
    yield "test", known + [(text, None, "en") for text, _ in data["oos_test"]]


def curekart(folder: Path) -> Iterator[tuple[str, list[Row]]]:
    """What people really wrote to a shop's assistant; most of it cannot be answered. English."""
    for part in ("train", "test"):
        path = folder / f"v1_curekart_{part}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        yield part, [(row["sentence"], _label(row["label"]), "en") for row in rows]


def xsid(folder: Path) -> Iterator[tuple[str, list[Row]]]:
    """The same requests in many languages; trained on English only."""
    yield "train", list(_sentences(folder / "en.valid.conll", "en"))
    for language in XSID_TESTS:
        yield f"test.{language}", list(_sentences(folder / f"{language}.test.conll", language))


def _label(label: str) -> str | None:
    return None if label == NOT_ANSWERABLE else label


def _sentences(path: Path, language: str) -> Iterator[Row]:
    text = ""
    for line in path.read_text("utf-8").splitlines():
        found = re.match(r"# (text|intent)\s*[:=]\s*(.*)", line)
        if found and found[1] == "text":
            text = found[2].strip()
        elif found:
            yield text, found[2].strip(), language


def write(path: Path, rows: Iterable[Row]) -> None:
    """One JSON object a line."""
    with path.open("w", encoding="utf-8") as file:
        for text, label, language in rows:
            row = {"text": text, "label": label, "lang": language}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def main(folder: Path, out: Path) -> None:
    """Convert every set that is there."""
    out.mkdir(parents=True, exist_ok=True)
    sets = {
        "banking77": banking77,
        "clinc150": clinc150,
        "hint3-curekart": curekart,
        "xsid": xsid,
    }
    for name, read in sets.items():
        if not (folder / name).is_dir():
            print(f"{name}: not in {folder}", file=sys.stderr)
            continue
        for part, rows in read(folder / name):
            write(out / f"{name}.{part}.jsonl", rows)
            print(f"{name}.{part}: {len(rows)} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
