"""Bring a database to this version's schema, with Alembic."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from amparo.storage.base import Base
from amparo.storage.session import Database

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"
_PACKAGE = Path(__file__).resolve().parents[1]
_LOCK = 0x416D7061726F  # "Amparo": one node migrates, the others wait


def upgrade(database: Database) -> None:
    """Run the missing migrations in one transaction; nodes that start together take turns."""
    with database.engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if current_revision(connection) == head_revision():
            return  # as at nearly every start: Alembic, 11 MB and 0.2 s, stays unloaded
        from alembic import command

        command.upgrade(_config(connection), "head")


def current_revision(connection: Connection) -> str | None:
    """The database's revision; None for an empty one."""
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def head_revision() -> str:
    """This version's revision: the files are numbered, and there is one line of them."""
    return max(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def new_revision(database: Database, number: str, message: str) -> None:
    """Write a revision from the difference between models and database (for developers)."""
    from alembic import command

    import_models()
    with database.engine.begin() as connection:
        command.revision(_config(connection), message=message, rev_id=number, autogenerate=True)


def differences(database: Database) -> list[object]:
    """What the models have that the migrated database lacks, or the other way round."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    import_models()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        return list(compare_metadata(context, Base.metadata))


def import_models() -> None:
    """Load every module that declares tables, so that the metadata is whole."""
    for path in sorted(_PACKAGE.glob("*/models.py")):
        import_module(f"amparo.{path.parent.name}.models")
    for name in ("events", "followers", "timers", "outbox", "nodes"):
        if (_PACKAGE / "storage" / f"{name}.py").exists():
            import_module(f"amparo.storage.{name}")


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config
