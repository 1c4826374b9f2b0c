"""House rule: a text that the code asks for exists, and a text that exists is asked for."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.contracts.sources import (
    FRONTEND,
    PACKAGE,
    frontend_files,
    name_of,
    parsed,
    python_files,
)
from tests.contracts.test_texts import catalogue

PROBLEMS = {
    "Problem",
    "Invalid",
    "NotSignedIn",
    "Forbidden",
    "NotFound",
    "Conflict",
    "PreconditionFailed",
    "TooLarge",
    "TooMany",
    "Unavailable",
}
KEY = re.compile(r"[a-z_]+(?:\.[a-z_0-9]+)+")
_T_CALL = re.compile(r"\bt\(\s*(['\"])([\w.]+)\1")
_QUOTED = re.compile(r"(['\"`])((?:[a-z_]+\.)+[a-zA-Z_0-9.]*)(\1|\$\{)")
APPS = ("panel", "quick", "desk", "desk/cases", "admin", "loader", "seller", "ui/case")


def python_strings() -> Iterator[tuple[Path, int, str]]:
    for path in python_files("amparo"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path, node.lineno, node.value


def templates() -> list[str]:
    """Jinja templates: they ask for texts too."""
    return [path.read_text("utf-8") for path in PACKAGE.glob("*/templates/**/*") if path.is_file()]


@cache
def server_texts() -> dict[str, str]:
    return {
        key: text
        for folder in PACKAGE.glob("*/locales")
        for key, text in catalogue(folder, "en").items()
    }


def problem_codes() -> Iterator[tuple[str, str]]:
    """(where, code) of every problem that our code can raise with a code written there."""
    for path in python_files("amparo"):
        raised = PROBLEMS | {
            node.name
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.ClassDef)
            and any(isinstance(base, ast.Name) and base.id in PROBLEMS for base in node.bases)
        }
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            first = node.args[0]
            if called in raised and isinstance(first, ast.Constant):
                yield f"{name_of(path)}:{node.lineno}", str(first.value)


def test_every_problem_has_its_text() -> None:
    missing = [
        f"{where}: problem.{code}"
        for where, code in problem_codes()
        if f"problem.{code}" not in server_texts()
    ]
    assert not missing, "\n".join(missing)


def test_the_default_codes_of_problems_have_their_texts() -> None:
    for code in (
        "not_signed_in",
        "forbidden",
        "not_found",
        "changed_meanwhile",
        "too_large",
        "too_many",
        "unavailable",
        "internal",
    ):
        assert f"problem.{code}" in server_texts(), code


def test_texts_that_the_server_asks_for_exist() -> None:
    modules = {path.parent.name for path in PACKAGE.glob("*/locales")}
    missing = []
    for path in python_files("amparo"):
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            called = node.func.id if isinstance(node.func, ast.Name) else called
            if called not in ("text", "has"):
                continue
            for argument in node.args:
                if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                    continue
                key = argument.value
                ours = KEY.fullmatch(key) and key.split(".")[0] in modules | {"problem"}
                if ours and key not in server_texts():
                    missing.append(f"{name_of(path)}:{node.lineno} {key}")
    assert not missing, "\n".join(missing)


def test_no_text_of_the_server_is_left_over() -> None:
    written = {text for _, _, text in python_strings()}
    parts = {text for text in written if text.endswith((".", "_")) and "." in text}
    pages = "\n".join(templates())
    left = [
        key
        for key in server_texts()
        if not key.startswith("problem.")
        and key not in written
        and key not in pages
        and not any(key.startswith(part) for part in parts)
        and key.split(".", 2)[-1] not in written  # asked for below a prefix: f"module.part.{x}"
    ]
    assert not left, "\n".join(left)


def test_no_problem_text_is_left_over() -> None:
    written = {text for _, _, text in python_strings()}
    left = [
        key
        for key in server_texts()
        if key.startswith("problem.") and key.removesuffix(".detail").split(".")[1] not in written
    ]
    assert not left, "\n".join(left)


def sources_of(app: str) -> list[Path]:
    shared = ("core", "ui", app)
    return [
        path
        for path in frontend_files(".ts", ".tsx")
        if path.relative_to(FRONTEND).parts[0] in shared and ".test." not in path.name
    ]


def test_texts_that_a_view_asks_for_exist_in_its_catalogue() -> None:
    missing = []
    for path in frontend_files(".ts", ".tsx"):
        app = path.relative_to(FRONTEND).parts[0]
        folders = [FRONTEND / name / "locales" for name in _catalogues_of(app)]
        known = {key for folder in folders if folder.exists() for key in catalogue(folder, "en")}
        if not known or ".test." in path.name:
            continue
        for match in _T_CALL.finditer(path.read_text("utf-8")):
            if match[2] not in known:
                missing.append(f"{name_of(path)}: {match[2]}")
    assert not missing, "\n".join(missing)


def test_no_text_of_a_view_is_left_over() -> None:
    left = []
    for app in APPS:
        folder = FRONTEND / app / "locales"
        if not folder.exists():
            continue
        users = [path for user in _users_of(app) for path in sources_of(user)]
        source = "\n".join(path.read_text("utf-8") for path in users)
        whole = {match[2] for match in _QUOTED.finditer(source) if match[3] != "${"}
        begun = tuple(
            # `desk.state.${state}`, or a helper that is given 'desk.order.state'
            match[2] if match[3] == "${" else f"{match[2].rstrip('.')}."
            for match in _QUOTED.finditer(source)
        )
        left += [
            f"{app}: {key}"
            for key in catalogue(folder, "en")
            if key not in whole and not key.startswith(begun)
        ]
    assert not left, "\n".join(left)


def _catalogues_of(app: str) -> tuple[str, ...]:
    """The administration is a lazy part of the desk and uses its texts beside its own."""
    if app in ("admin", "desk"):
        return ("desk", "desk/cases", "admin", "ui/case")
    if app in ("panel", "seller"):
        return (app, "ui/case")
    if app in ("quick", "pictures"):  # lazy parts that bring their own texts
        return (app, "panel") if app == "quick" else (app,)
    return (app,) if app in APPS else APPS


def _users_of(app: str) -> tuple[str, ...]:
    if app == "ui/case":  # what all surfaces of cases share
        return ("panel", "quick", "desk", "seller")
    return ("desk", "admin") if app in ("admin", "desk", "desk/cases") else (app,)
