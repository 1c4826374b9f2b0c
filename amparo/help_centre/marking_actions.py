"""What every change of the content leaves behind."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.help_centre.models import ContentState
from amparo.kernel.ids import new_id


def mark_changed(session: Session, shipped_hash: str | None = None) -> None:
    """Everything kept in memory for the old revision is stale from the commit on."""
    values: dict[str, Any] = {"revision": new_id()}
    if shipped_hash is not None:
        values["shipped_hash"] = shipped_hash
    statement = insert(ContentState).values({"id": 1, "shipped_hash": "", **values})
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
