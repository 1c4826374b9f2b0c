"""Bring a database to this version's schema, with Alembic."""

from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from amparo.storage.base import Base
from amparo.storage.session import Database

_FOLDER = Path(__file__).parent / "migrations"
_PACKAGE = Path(__file__).resolve().parents[1]
_LOCK = 0x416D7061726F  # "Amparo": one node migrates, the others wait


def upgrade(database: Database) -> None:
    """Run the missing migrations in one transaction; nodes that start together take turns."""
    with database.engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        command.upgrade(_config(connection), "head")


def new_revision(database: Database, number: str, message: str) -> None:
    """Write a revision from the difference between models and database (for developers)."""
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
    for name in ("events", "followers", "timers", "outbox"):
        if (_PACKAGE / "storage" / f"{name}.py").exists():
            import_module(f"amparo.storage.{name}")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config
