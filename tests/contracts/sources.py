"""The files that the house rules are about."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "amparo"
FRONTEND = ROOT / "frontend"
_GENERATED = {"node_modules", "dist", "static", "__pycache__", ".venv"}


def python_files(*folders: str) -> list[Path]:
    """Python files below folders of the project."""
    return [path for folder in folders for path in _below(ROOT / folder, ".py")]


def frontend_files(*endings: str) -> list[Path]:
    """Front-end sources with these endings; what tools generate is left out."""
    return [
        path
        for ending in endings
        for path in _below(FRONTEND, ending)
        if path.name != "schema.d.ts"
    ]


def name_of(path: Path) -> str:
    """The path as people write it in this project."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def module_of(path: Path) -> str:
    """``amparo/help_centre/rules.py`` -> ``amparo.help_centre.rules``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything a file imports, inside functions too.

    ``from a.b import c`` gives ``a.b.c``: a module or a name, the rules look at its beginning.
    """
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: relative import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _below(folder: Path, ending: str) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob(f"*{ending}")
        if not _GENERATED & set(path.relative_to(ROOT).parts) and path.is_file()
    )
