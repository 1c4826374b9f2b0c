"""Many rows as one parameter of a statement.

A parameter for each column, as arrays for ``unnest``, is quoted element by element in Python: for
messages that was a third of the server's work (measured with ``bench.chat``). One JSON document,
read by ``jsonb_to_recordset``, is written by one call.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec


def recordset(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows for ``jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (column type, ..)``.

    Ids and times are written as PostgreSQL reads them; their types are named in the statement.
    """
    return msgspec.json.encode(rows).decode()
