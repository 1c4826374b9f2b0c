"""Documentation that cannot lie: what can be set and run is described, what is built is in step."""

import json
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest

from amparo.cli import cli
from amparo.config import Settings
from amparo.server.app import create_app
from tests.contracts.sources import FRONTEND, ROOT, name_of

OPERATE = ROOT / "docs" / "operate"


def operating_manual() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(OPERATE.glob("*.md")))


def commands(group: click.Group, path: str = "amparo") -> list[str]:
    """Every command as it is typed."""
    found: list[str] = []
    for name, command in group.commands.items():
        typed = f"{path} {name}"
        found += commands(command, typed) if isinstance(command, click.Group) else [typed]
    return found


def test_every_setting_is_documented_under_its_variable() -> None:
    manual = operating_manual()
    prefix = str(Settings.model_config.get("env_prefix", ""))
    for name, setting in Settings.model_fields.items():
        variable = "DATABASE_URL" if name == "database_url" else f"{prefix}{name.upper()}"
        assert f"`{variable}`" in manual, f"{variable} is not in docs/operate"
        assert setting.description, f"{name} has no description"


def test_the_manual_names_no_setting_that_does_not_exist() -> None:
    import re

    prefix = str(Settings.model_config.get("env_prefix", ""))
    known = {f"{prefix}{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(rf"`({prefix}[A-Z0-9_]+)`", operating_manual()))
    assert named <= known, named - known


def test_every_command_is_documented() -> None:
    manual = operating_manual()
    missing = [command for command in commands(cli) if command not in manual]
    assert not missing, missing


def test_every_command_and_option_explains_itself() -> None:
    for path in commands(cli):
        group: click.Command = cli
        for name in path.split()[1:]:
            assert isinstance(group, click.Group)
            group = group.commands[name]
        assert group.help, path
        for option in group.params:
            if isinstance(option, click.Option):
                assert option.help, f"{path} {option.name}"


def described() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def test_the_published_interface_is_the_one_the_front_end_was_made_for() -> None:
    kept = json.loads((FRONTEND / "openapi.json").read_text("utf-8"))
    assert kept == json.loads(json.dumps(described())), (
        "run: .venv/bin/amparo openapi > frontend/openapi.json, then npm run generate there"
    )


def test_the_generated_client_is_in_step(tmp_path: Path) -> None:
    tool = FRONTEND / "node_modules" / ".bin" / "openapi-typescript"
    if not tool.exists():
        pytest.fail("run make setup: the front end's tools are not installed")
    made = tmp_path / "schema.d.ts"
    subprocess.run(
        [tool, FRONTEND / "openapi.json", "--output", made, "--alphabetize"],
        check=True,
        capture_output=True,
        cwd=FRONTEND,
    )
    kept = (FRONTEND / "core" / "schema.d.ts").read_text("utf-8")
    assert made.read_text("utf-8") == kept, "run: npm --prefix frontend run generate"


def test_operations_have_names_of_their_own_and_the_house_forms() -> None:
    seen: dict[str, str] = {}
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            name, where = operation["operationId"], f"{method.upper()} {path}"
            assert name not in seen, f"{name}: {seen[name]} and {where}"
            assert name.isidentifier(), f"{where}: {name}"
            assert name == name.lower(), f"{where}: {name}"
            seen[name] = where


def test_decision_records_have_evidence_and_what_was_rejected() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert records, "docs/decisions is empty"
    for path in records:
        text = path.read_text("utf-8").lower()
        for heading in ("evidence", "rejected"):
            assert heading in text, f"{name_of(path)} has no {heading}"


def test_links_between_documents_lead_somewhere() -> None:
    import re

    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    broken = []
    for path in documents:
        if not path.exists():
            continue
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8")):
            if "://" in target or target.startswith("mailto:"):
                continue
            if not (path.parent / target).exists():
                broken.append(f"{name_of(path)}: {target}")
    assert not broken, "\n".join(broken)
