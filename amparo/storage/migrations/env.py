"""Alembic's environment: runs on the connection that ``amparo.storage.migrate`` hands over."""

from typing import Any, Literal

from alembic import context

from amparo.storage.base import Base, UtcDateTime


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Migrations stand on their own: no type of ours that could change under them."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_server_default=False,
    render_item=render_item,
)
context.run_migrations()
