"""House rule: one transaction per unit of work; nothing outside storage ends one."""

import ast

from tests.contracts.sources import name_of, parsed, python_files

ENDS = {"commit", "begin", "autocommit"}
"""A savepoint (``begin_nested``) ends nothing: what it undoes was nobody's yet."""


def test_nothing_outside_storage_commits() -> None:
    wrong = []
    for path in python_files("amparo"):
        if "storage" in path.parts:
            continue
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.Attribute):
                continue
            undone = node.attr == "rollback" and ast.unparse(node.value) == "session"
            if node.attr in ENDS or undone:
                wrong.append(f"{name_of(path)}:{node.lineno} .{node.attr}")
    assert not wrong, "\n".join(wrong)


def test_reads_do_not_load_behind_our_back() -> None:
    """A relationship that loads lazily is a statement nobody counted."""
    wrong = []
    for path in python_files("amparo"):
        for node in ast.walk(parsed(path)):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id == "relationship":
                assert isinstance(node, ast.Call)
                lazy = {
                    keyword.arg: ast.literal_eval(keyword.value)
                    for keyword in node.keywords
                    if keyword.arg == "lazy"
                }
                if lazy.get("lazy") not in ("raise", "noload"):
                    wrong.append(f"{name_of(path)}:{node.lineno}")
    assert not wrong, "relationship without lazy='raise':\n" + "\n".join(wrong)
