"""The migrations make exactly the tables that the models describe."""

from amparo.storage.migrate import differences, upgrade
from amparo.storage.session import Database


def test_models_and_migrations_agree(database: Database) -> None:
    assert differences(database) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    upgrade(database)
    assert differences(database) == []
