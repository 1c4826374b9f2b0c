"""Alembic's environment: runs on the connection that ``amparo.storage.migrate`` hands over."""

from alembic import context

from amparo.storage.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_server_default=False,
)
context.run_migrations()
