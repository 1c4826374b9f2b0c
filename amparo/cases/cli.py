"""``amparo cases``: tools around cases."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from amparo.cases.comparison import Comparison, Ledger, compare
from amparo.cases.past_queries import past_scenarios
from amparo.cases.policies_queries import policy_now
from amparo.cases.policy import Policy, load_shipped, read_toml
from amparo.cases.synthetic import Scenario, scenario
from amparo.kernel.clock import SystemClock
from amparo.kernel.errors import Problem
from amparo.kernel.money import Money
from amparo.storage.session import Database

_PARTIES: Mapping[str, str] = {
    "buyer": "buyers who get less",
    "seller": "sellers who pay more",
    "platform": "cases that now need a person",
}


@click.group("cases")
def cases_group() -> None:
    """Try a policy of cases before it is switched on."""


@cases_group.command()
@click.option(
    "--policy",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="The new policy, a whole TOML document.",
)
@click.option(
    "--cases",
    "number",
    type=click.IntRange(1, 100_000),
    default=2000,
    show_default=True,
    help="How many cases.",
)
@click.option("--past", is_flag=True, help="The installation's newest closed cases, not made-up.")
@click.pass_context
def simulate(context: click.Context, file: Path, number: int, past: bool) -> None:
    """Live the same cases under the policy in force and under a new one; nothing is changed.

    Shows outcomes, times, money, and who would be worse off. Made-up cases are compared with the
    shipped policy and need no database; past ones with the policy in force.
    """
    try:
        new = read_toml(file.read_text("utf-8"))
    except (Problem, UnicodeDecodeError) as error:
        raise click.ClickException(_why(error)) from None
    if past:
        old, scenarios = _past(context.obj.database(), number)
    else:
        old, scenarios = load_shipped(), [scenario(seed) for seed in range(number)]
    click.echo(report(old, new, compare(old, new, scenarios)))


def _past(database: Database, number: int) -> tuple[Policy, list[Scenario]]:
    with database.reading() as session:
        return policy_now(session, SystemClock().now()), list(past_scenarios(session, number))


def _why(error: Exception) -> str:
    if isinstance(error, Problem):
        return f"{error.params.get('where')}: {error.params.get('why')}"
    return "not a text in UTF-8"


def report(old: Policy, new: Policy, found: Comparison) -> str:
    """The comparison as a table for a terminal."""
    lines = [f"{'':<28}{old.version[:16]:>18}{new.version[:16]:>18}"]
    outcomes = sorted({*found.old.outcomes, *found.new.outcomes})
    for name in outcomes:
        lines.append(_line(name, found.old.outcomes[name], found.new.outcomes[name]))
    lines.append(_line("median days", found.old.at(0.5), found.new.at(0.5)))
    lines.append(_line("95 % end within days", found.old.at(0.95), found.new.at(0.95)))
    lines.append(_line("seen by a person", found.old.reviewed, found.new.reviewed))
    for currency in sorted({*found.old.refunded, *found.new.refunded}):
        sides = (_money(one, currency) for one in (found.old, found.new))
        lines.append(_line(f"paid back {currency}", *sides))
    lines += ["", f"{found.cases} cases, {found.changed} end otherwise, {found.slower} later."]
    lines += ["Worse off under the new policy:", *_losers(found)]
    return "\n".join(lines)


def _line(name: str, *values: object) -> str:
    return f"{name:<28}" + "".join(f"{value!s:>18}" for value in values)


def _money(ledger: Ledger, currency: str) -> str:
    return Money(ledger.refunded[currency], currency).format("en")


def _losers(found: Comparison) -> Iterable[str]:
    for party, words in _PARTIES.items():
        lost = sorted(
            Money(amount, currency).format("en")
            for (who, currency), amount in found.lost.items()
            if who == party
        )
        count = found.worse[party]  # type: ignore[index]
        yield f"  {count:>6} {words}" + (f", together {', '.join(lost)}" if lost else "")
