"""Commands that set up people and sites: staff, site, key, integration-key."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from uuid import UUID

import click

from amparo.accounts import management_actions as actions
from amparo.accounts import queries
from amparo.accounts.rules import ALGORITHMS, STAFF_ROLES
from amparo.kernel.actor import SYSTEM
from amparo.kernel.clock import SystemClock
from amparo.kernel.errors import Problem
from amparo.kernel.languages import FALLBACK
from amparo.kernel.texts import text
from amparo.storage.session import Database


class CommandLine(Protocol):
    """What the command line hands to its commands as ``ctx.obj``."""

    def database(self) -> Database:
        """The installation's database, migrated."""
        ...


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        title = text(FALLBACK, f"problem.{problem.code}", **problem.params)
        detail = text(FALLBACK, f"problem.{problem.code}.detail", **problem.params)
        raise click.ClickException(f"{title}. {detail}") from None


@click.group()
def staff() -> None:
    """Operators and administrators."""


@staff.command("add")
@click.option("--email", required=True, help="What they sign in with.")
@click.option("--name", required=True, help="What buyers and colleagues see.")
@click.option(
    "--role",
    type=click.Choice(STAFF_ROLES),
    default="operator",
    show_default=True,
    help="Administrators configure too.",
)
@click.option("--language", "languages", multiple=True, required=True, help="They answer in it.")
@click.password_option(help="Asked for where it is not given.")
@click.pass_obj
def add_staff(
    line: CommandLine, email: str, name: str, role: str, languages: tuple[str, ...], password: str
) -> None:
    """Add an operator or administrator."""
    with _said_plainly(), line.database().transaction() as session:
        person = actions.create_staff(
            session,
            email=email,
            password=password,
            name=name,
            role=role,
            languages=languages,
            now=SystemClock().now(),
        )
        click.echo(f"{role} {person.name} <{person.email}> may sign in at /desk/")


@staff.command("list")
@click.pass_obj
def list_staff(line: CommandLine) -> None:
    """Show who may sign in."""
    with line.database().reading() as session:
        for one in queries.staff_for(session, SYSTEM):
            state = "disabled" if one.disabled else ",".join(one.languages)
            click.echo(f"{one.role:14} {one.email:40} {one.name} ({state})")


@staff.command("disable")
@click.argument("email")
@click.pass_obj
def disable_staff(line: CommandLine, email: str) -> None:
    """Shut somebody out: no sign-in, and every session ends."""
    with _said_plainly(), line.database().transaction() as session:
        actions.disable_staff(session, email, now=SystemClock().now())
    click.echo(f"{email} is shut out")


@staff.command("password")
@click.argument("email")
@click.password_option(help="Asked for where it is not given.")
@click.pass_obj
def set_password(line: CommandLine, email: str, password: str) -> None:
    """Give somebody a new password; their sessions end."""
    with _said_plainly(), line.database().transaction() as session:
        actions.set_password(session, email, password, now=SystemClock().now())
    click.echo(f"{email} has a new password")


@click.group()
def site() -> None:
    """Sites of the marketplace that embed Amparo."""


@site.command("add")
@click.option("--name", required=True, help="What buyers see.")
@click.option(
    "--origin", "origins", multiple=True, required=True, help="Such as https://shop.example.com"
)
@click.option("--language", "languages", multiple=True, required=True, help="First = default.")
@click.option("--accent", help="Colour of the brand, such as #0f766e.")
@click.option("--key", help="Public key; an existing one brings that site up to date.")
@click.pass_obj
def add_site(
    line: CommandLine,
    name: str,
    origins: tuple[str, ...],
    languages: tuple[str, ...],
    accent: str | None,
    key: str | None,
) -> None:
    """Register a site and print its public key."""
    with _said_plainly(), line.database().transaction() as session:
        row = actions.create_site(
            session,
            name=name,
            origins=origins,
            languages=languages,
            brand={"accent": accent} if accent else {},
            key=key,
            now=SystemClock().now(),
        )
        click.echo(row.key)


@site.command("list")
@click.pass_obj
def list_sites(line: CommandLine) -> None:
    """Show the sites with their origins."""
    with line.database().reading() as session:
        for row in queries.sites(session):
            click.echo(f"{row.key}  {row.name}  {' '.join(row.origins)}  {','.join(row.languages)}")


@site.command("pages")
@click.argument("key")
@click.option(
    "--set", "chosen", multiple=True, metavar="ACTION=ADDRESS", help="Link an action to a page."
)
@click.option("--remove", "removed", multiple=True, metavar="ACTION", help="Take a link away.")
@click.pass_obj
def site_pages(
    line: CommandLine, key: str, chosen: tuple[str, ...], removed: tuple[str, ...]
) -> None:
    """Show, and where asked change, the pages of the site KEY for what only it can do."""
    with _said_plainly(), line.database().transaction() as session:
        pages = dict(queries.site_by_key(session, key).pages)
        pages |= {action: address for action, _, address in (one.partition("=") for one in chosen)}
        pages = {action: address for action, address in pages.items() if action not in removed}
        row = actions.set_pages(session, SYSTEM, key, pages, now=SystemClock().now())
        for action, address in row.pages.items():
            click.echo(f"{action:20} {address}")


@click.group()
def key() -> None:
    """Keys with which the marketplace signs who its buyers are."""


@key.command("register")
@click.argument("material", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "site_key", required=True, help="The site's public key.")
@click.option("--kid", required=True, help="The key's name in the header of the tokens.")
@click.option("--issuer", required=True, help="The iss of the tokens.")
@click.option(
    "--algorithm",
    type=click.Choice(ALGORITHMS),
    default="EdDSA",
    show_default=True,
    help="What the key signs with; nothing else is believed from it.",
)
@click.option("--shared-secret", is_flag=True, help="Allow HS256, which cannot tell us from you.")
@click.pass_obj
def register_key(
    line: CommandLine,
    material: Path,
    site_key: str,
    kid: str,
    issuer: str,
    algorithm: str,
    shared_secret: bool,
) -> None:
    """Trust the public key in the file MATERIAL (PEM or JWK)."""
    with _said_plainly(), line.database().transaction() as session:
        actions.register_key(
            session,
            site_key=site_key,
            kid=kid,
            issuer=issuer,
            algorithm=algorithm,
            material=material.read_text("utf-8"),
            shared_secret=shared_secret,
            now=SystemClock().now(),
        )
    click.echo(f"Tokens signed with {kid} ({algorithm}) are believed")


@key.command("retire")
@click.option("--site", "site_key", required=True, help="The site's public key.")
@click.option("--kid", required=True, help="The key's name.")
@click.pass_obj
def retire_key(line: CommandLine, site_key: str, kid: str) -> None:
    """Believe a key no longer, from now on."""
    with _said_plainly(), line.database().transaction() as session:
        actions.retire_key(session, site_key=site_key, kid=kid, now=SystemClock().now())
    click.echo(f"Tokens signed with {kid} are refused")


@click.group("integration-key")
def integration_key() -> None:
    """Keys with which the marketplace's servers call the import API."""


@integration_key.command("create")
@click.option("--name", required=True, help="What will use it.")
@click.pass_obj
def create_integration_key(line: CommandLine, name: str) -> None:
    """Make a key; it is shown this once."""
    with _said_plainly(), line.database().transaction() as session:
        _, made = actions.create_integration_key(session, name=name, now=SystemClock().now())
    click.echo(made)


@integration_key.command("list")
@click.pass_obj
def list_integration_keys(line: CommandLine) -> None:
    """Show names and ids, never the keys."""
    with line.database().reading() as session:
        for row in queries.integration_keys(session):
            click.echo(f"{row.id}  {row.name}{'  (revoked)' if row.revoked_at else ''}")


@integration_key.command("revoke")
@click.argument("key_id", type=click.UUID)
@click.pass_obj
def revoke_integration_key(line: CommandLine, key_id: UUID) -> None:
    """Refuse a key from now on."""
    with _said_plainly(), line.database().transaction() as session:
        actions.revoke_integration_key(session, key_id, now=SystemClock().now())
    click.echo(f"{key_id} is refused")
