"""The migrations make exactly the tables that the models describe."""

from alembic.script import ScriptDirectory

from amparo.storage import migrations
from amparo.storage.migrate import current_revision, differences, head_revision, upgrade
from amparo.storage.session import Database


def test_models_and_migrations_agree(database: Database) -> None:
    assert differences(database) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    upgrade(database)
    assert differences(database) == []


def test_the_head_is_the_last_numbered_file(database: Database) -> None:
    """Known without Alembic, so that an ordinary start does not load it."""
    [folder] = migrations.__path__
    assert [head_revision()] == ScriptDirectory(folder).get_heads()
    with database.engine.connect() as connection:
        assert current_revision(connection) == head_revision()
