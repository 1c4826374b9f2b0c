"""Whole lives: nothing broken with any provider, faults found, a new policy beside the old one."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from amparo.cases.comparison import compare
from amparo.cases.past_queries import scenario_of
from amparo.cases.policy import Policy, load_shipped
from amparo.cases.simulation import Life, Mode
from amparo.cases.simulation_checks import SABOTAGES
from amparo.cases.synthetic import scenario
from amparo.cli import cli

POLICY = load_shipped()
SHIPPED = Path(__file__).parents[2] / "amparo" / "cases" / "policy.toml"


def stricter(**changes: Any) -> Policy:
    document = json.loads(json.dumps(dict(POLICY.document)))
    for path, value in changes.items():
        section, name = path.split("__")
        document[section][name] = value
    return Policy.of({**document, "version": "new"})


@pytest.mark.parametrize("provider", ["ok", "flaky", "never"])
def test_nothing_is_broken_in_any_life(provider: Mode) -> None:
    for seed in range(300):
        lived = Life(scenario(seed), POLICY, provider, restart=0.5).run()
        assert not lived.violations, (seed, lived.violations)
        if lived.case.closed_at is None:
            assert lived.case.state in ("refund_failed", "on_hold", "refund_pending")
            assert lived.alarms
            assert provider != "ok"


@pytest.mark.parametrize("fault", SABOTAGES)
def test_faults_are_found(fault: str) -> None:
    lives = (Life(scenario(seed), POLICY, "flaky", 0.5, fault).run() for seed in range(60))
    assert any(lived.violations for lived in lives)


def test_restarts_change_nothing() -> None:
    for seed in range(60):
        once, often = (Life(scenario(seed), POLICY, "flaky", share).run() for share in (0, 1))
        assert once.transitions == often.transitions


def test_the_same_policy_leaves_nobody_worse_off() -> None:
    found = compare(POLICY, POLICY, (scenario(seed) for seed in range(100)))
    assert (found.cases, found.changed, found.slower) == (100, 0, 0)
    assert not any(found.worse.values())


def test_a_policy_that_grants_nothing_sends_more_to_a_person() -> None:
    silent = [scenario(seed, silent=True) for seed in range(100)]
    new = stricter(limits__grants=0)
    found = compare(POLICY, new, silent)
    assert found.new.reviewed > found.old.reviewed
    assert found.worse["platform"] == found.new.reviewed - found.old.reviewed
    assert found.slower > 0


def test_a_past_case_is_lived_again_as_it_was() -> None:
    for seed in range(60):
        lived = Life(scenario(seed), POLICY).run()
        past = scenario_of(seed, lived.transitions)
        assert past is not None
        again = Life(replace(past, warned=False), POLICY).run()
        assert again.case.outcome == lived.case.outcome, seed
        assert [row.event for row in again.transitions] == [row.event for row in lived.transitions]


def test_the_command_shows_both_policies_and_who_loses(tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    text = SHIPPED.read_text("utf-8").replace('"2026.1"', '"2026.2"')
    file.write_text(text.replace("grants = 3 ", "grants = 0 "), "utf-8")
    shown = CliRunner().invoke(cli, ["cases", "simulate", "--policy", str(file), "--cases", "60"])
    assert shown.exit_code == 0, shown.output
    assert "2026.1" in shown.output
    assert "2026.2" in shown.output
    assert "60 cases" in shown.output
    assert "cases that now need a person" in shown.output


def test_the_command_names_what_is_wrong_in_the_document(tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text(SHIPPED.read_text("utf-8").replace('seller = "5d"', 'seller = "soon"'), "utf-8")
    shown = CliRunner().invoke(cli, ["cases", "simulate", "--policy", str(file)])
    assert shown.exit_code == 1
    assert "soon" in shown.output
