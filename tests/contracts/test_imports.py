"""House rule: who may import whom (docs/architecture.md). A cycle means a missing event."""

from pathlib import Path

from tests.contracts.sources import PACKAGE, ROOT, imports, module_of, name_of, python_files

LAYERS: tuple[tuple[str, ...], ...] = (
    ("kernel",),
    ("config",),
    ("storage",),
    ("guard",),
    ("accounts", "marketplace", "help_centre"),
    ("contacts", "conversations"),
    ("routing",),
    ("translation", "sellers", "cases"),
    ("contact_guide",),
    ("assistant",),
    ("desk", "mail", "webhooks"),
    ("reports",),
    ("wiring",),
    ("server",),
    ("cli",),
    ("__main__",),
)
"""Lower first; those of one line are siblings and do not import each other."""

LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
MODULES = tuple(name for names in LAYERS[3:12] for name in names)

DOORS = ("queries", "actions", "rules", "events", "views")
"""The files through which one module uses another: reads, verbs, types, kinds of events.

``views`` are the types that reads answer with. Routers may share the shapes of answers too.
"""
SHARED_TYPES = {"amparo.help_centre.opening.OpenHours", "amparo.conversations.posting.Stored"}
"""What the verbs and reads of a module take or answer, defined in a file beside them."""

WEB = ("fastapi", "starlette", "uvicorn")
DATABASE = ("sqlalchemy", "psycopg", "alembic")
TALKS_TO_DATABASE = ("models", "queries", "actions", "followers")
PLAIN_SQL = {"amparo.conversations.posting", "amparo.conversations.streams"}
"""The message path: a few grouped statements apart from the verbs (docs/decisions)."""


def part_of(module: str) -> str:
    """The layer's name of a dotted module: ``amparo.help_centre.rules`` -> ``help_centre``."""
    return module.split(".")[1] if "." in module else ""


def own_imports(path: Path) -> list[tuple[int, str]]:
    return [(line, name) for line, name in imports(path) if name.startswith("amparo.")]


def test_every_folder_has_its_place_in_the_layers() -> None:
    found = {
        path.stem if path.is_file() else path.name
        for path in PACKAGE.iterdir()
        if path.suffix == ".py" or (path.is_dir() and (path / "__init__.py").exists())
    } - {"__init__"}
    assert found <= set(LEVEL), "say in LAYERS where it stands, and in docs/architecture.md why"


def test_imports_point_downwards() -> None:
    wrong = []
    for path in python_files("amparo"):
        mine = part_of(module_of(path))
        for line, name in own_imports(path):
            theirs = part_of(name)
            if not mine or mine == theirs or theirs not in LEVEL:
                continue
            if LEVEL[theirs] >= LEVEL[mine]:
                wrong.append(f"{name_of(path)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_a_module_uses_another_through_its_doors_only() -> None:
    wrong = []
    for path in python_files("amparo"):
        mine = part_of(module_of(path))
        if mine not in MODULES:
            continue
        for line, name in own_imports(path):
            theirs, *inside = name.split(".")[1:]
            if theirs == mine or theirs not in MODULES:
                continue
            doors = (*DOORS, "http") if path.stem.endswith("http") else DOORS
            if not inside[0].endswith(doors) and theirs != "guard" and name not in SHARED_TYPES:
                wrong.append(f"{name_of(path)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_guard_is_a_library_of_its_own() -> None:
    for path in python_files("amparo/guard"):
        for line, name in own_imports(path):
            assert part_of(name) in ("guard", "kernel"), f"{name_of(path)}:{line} imports {name}"


def test_the_domain_does_not_know_the_web() -> None:
    wrong = []
    for path in python_files("amparo"):
        web = path.name.endswith(("http.py", "http_models.py")) or "server" in path.parts
        web = web or path.name in ("wiring.py", "pages.py")
        for line, name in imports(path):
            if name.split(".")[0] in WEB and not web:
                wrong.append(f"{name_of(path)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_only_the_files_made_for_it_know_the_database() -> None:
    wrong = []
    for path in python_files("amparo"):
        stem = path.stem
        module = module_of(path)
        if part_of(module) not in MODULES or stem.endswith(TALKS_TO_DATABASE):
            continue
        if module in PLAIN_SQL:
            continue
        for line, name in imports(path):
            if name.split(".")[0] not in DATABASE:
                continue
            if name == "sqlalchemy.orm.Session" and stem != "rules":
                continue  # passed along, never asked
            wrong.append(f"{name_of(path)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_rules_are_pure() -> None:
    """No session, no web, no threads: the time and the data are given."""
    stored = ("session", "base", "events", "followers", "http", "opening")
    impure = (*WEB, *DATABASE, "threading", "asyncio", "socket", "subprocess")
    wrong = []
    for path in python_files("amparo"):
        if not path.stem.endswith("rules"):
            continue
        for line, name in imports(path):
            kept = name.startswith(tuple(f"amparo.storage.{file}" for file in stored))
            if name.split(".")[0] in impure or kept or name.startswith("amparo.config"):
                wrong.append(f"{name_of(path)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_tests_and_benches_are_not_imported_by_the_product() -> None:
    for path in python_files("amparo"):
        for line, name in imports(path):
            outside = name.split(".")[0] in ("tests", "bench", "demo")
            assert not outside, f"{name_of(path)}:{line} imports {name}"


def test_every_python_file_is_below_a_package() -> None:
    for path in python_files("amparo"):
        folder = path.parent
        while folder != ROOT:
            if folder.name != "versions":
                assert (folder / "__init__.py").exists(), f"{name_of(folder)} lacks __init__.py"
            folder = folder.parent
