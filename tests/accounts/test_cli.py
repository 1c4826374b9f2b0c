"""Promise (J11, J13): an administrator sets up staff, sites and keys from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from amparo.accounts import cli, queries
from amparo.kernel.actor import SYSTEM
from amparo.kernel.clock import SystemClock
from amparo.storage.session import Database
from tests.accounts.people import ED25519, ISSUER, PASSWORD, pem


class Line:
    """What ``amparo`` hands to its commands."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def database(self) -> Database:
        return self._database


@pytest.fixture
def line(database: Database) -> Line:
    return Line(database)


def test_a_site_its_key_and_its_people(line: Line, database: Database, tmp_path: Path) -> None:
    run = CliRunner()
    added = run.invoke(
        cli.site,
        ["add", "--name", "Mercadia", "--origin", "https://Mercadia.example/", "--language", "es"],
        obj=line,
    )
    assert added.exit_code == 0, added.output
    key = added.output.strip()
    (tmp_path / "key.pem").write_text(ED25519.as_pem(private=True).decode())
    options = ["--site", key, "--kid", "k1", "--issuer", ISSUER]
    for _ in range(2):  # the same again changes nothing
        done = run.invoke(cli.key, ["register", str(tmp_path / "key.pem"), *options], obj=line)
        assert done.exit_code == 0, done.output
    with database.reading() as session:
        assert queries.site_by_key(session, key).origins == ["https://mercadia.example"]
        trusted = queries.trusted_key(session, key, "k1")
        assert trusted is not None
        assert '"d"' not in trusted.material
    person = ["--name", "Teo", "--role", "administrator", "--language", "en"]
    teo = ["add", "--email", "Teo@mercadia.example", *person, "--password", PASSWORD]
    assert run.invoke(cli.staff, teo, obj=line).exit_code == 0
    again = run.invoke(cli.staff, teo, obj=line)
    assert (again.exit_code, "already in use" in again.output) == (1, True)
    assert "teo@mercadia.example" in run.invoke(cli.staff, ["list"], obj=line).output
    assert run.invoke(cli.staff, ["disable", "TEO@mercadia.example"], obj=line).exit_code == 0
    with database.reading() as session:
        assert [one.disabled for one in queries.staff_for(session, SYSTEM)] == [True]
    assert run.invoke(cli.key, ["retire", "--site", key, "--kid", "k1"], obj=line).exit_code == 0
    assert key in run.invoke(cli.site, ["list"], obj=line).output


def test_an_integration_key_is_shown_once(line: Line, database: Database) -> None:
    run = CliRunner()
    made = run.invoke(cli.integration_key, ["create", "--name", "ERP"], obj=line).output.strip()
    listed = run.invoke(cli.integration_key, ["list"], obj=line).output
    assert "ERP" in listed
    assert made not in listed
    with database.reading() as session:
        actor = queries.integration_by_key(session, made)
    assert actor is not None
    revoked = run.invoke(cli.integration_key, ["revoke", str(actor.person_id)], obj=line)
    assert revoked.exit_code == 0
    with database.reading() as session:
        assert queries.integration_by_key(session, made) is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--algorithm", "HS256"], "shared secret"),
        (["--algorithm", "ES256"], "cannot be used"),
        (["--site", "pk_unknown_site"], "does not exist"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(
    line: Line, database: Database, tmp_path: Path, arguments: list[str], said: str
) -> None:
    from tests.accounts.people import SITE, make_site

    with database.transaction() as session:
        make_site(session, SystemClock().now())
    (tmp_path / "key.pem").write_text(pem(ED25519))
    options = ["--site", SITE, "--kid", "k2", "--issuer", ISSUER, *arguments]
    done = CliRunner().invoke(cli.key, ["register", str(tmp_path / "key.pem"), *options], obj=line)
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output
