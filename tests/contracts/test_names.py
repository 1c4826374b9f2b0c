"""House rule: our own words, our own content, nothing from outside the repository."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.contracts.sources import ROOT, name_of

BRANDS = re.compile("|".join(("ali" + "express", "ali" + "baba")), re.IGNORECASE)
OUTSIDE = re.compile(r"\.\./shared|/work/shared")
LARGEST = 2_000_000
"""Bytes of the largest file that belongs into the repository."""

WORDS = re.compile(
    r"\b(?:vendor|customer|agent)s?\b|(?:vendor|customer|agent)_|_(?:vendor|customer|agent)"
)
"""In names of ours these are seller, buyer and operator."""


def files() -> list[Path]:
    """What is in the repository or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def text_of(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


def test_no_brand_of_somebody_else_is_named() -> None:
    wrong = [name_of(path) for path in files() if BRANDS.search(text_of(path) or "")]
    assert not wrong, wrong


def test_product_and_tests_read_nothing_outside_the_repository() -> None:
    read = ("amparo", "tests", "demo", "frontend")
    wrong = [
        name_of(path)
        for path in files()
        if path.relative_to(ROOT).parts[0] in read
        and path != Path(__file__)
        and OUTSIDE.search(text_of(path) or "")
    ]
    assert not wrong, wrong


def test_no_file_is_too_large_for_a_repository() -> None:
    wrong = [name_of(path) for path in files() if path.stat().st_size > LARGEST]
    assert not wrong, wrong


def test_nothing_is_left_open_in_the_product() -> None:
    mark = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")))
    wrong = [
        name_of(path)
        for path in files()
        if path.relative_to(ROOT).parts[0] in ("amparo", "frontend", "demo")
        and path.suffix in (".py", ".ts", ".tsx", ".css")
        and mark.search(text_of(path) or "")
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("name", ["LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"])
def test_the_repository_has_what_newcomers_look_for(name: str) -> None:
    assert (ROOT / name).stat().st_size > 200


def test_names_use_the_words_of_the_design() -> None:
    """buyer, seller, store, operator: one word for one thing."""
    from tests.contracts.sources import parsed, python_files

    wrong = []
    import ast

    for path in python_files("amparo"):
        for node in ast.walk(parsed(path)):
            name = ""
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = node.name
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                name = node.id
            elif isinstance(node, ast.arg):
                name = node.arg
            if name and name != "user_agent" and WORDS.search(name.lower()):
                wrong.append(f"{name_of(path)}:{node.lineno} {name}")  # type: ignore[attr-defined]
    assert not wrong, "\n".join(wrong)
