"""What every event of a case says of it."""

from typing import Any

from amparo.cases.models import CaseRow


def about(row: CaseRow) -> dict[str, Any]:
    """Which case it is and where it stands; nothing private."""
    return {
        "case": str(row.id),
        "number": row.number,
        "order_ref": row.order_ref,
        "position": row.position,
        "reason": row.reason,
        "state": row.state,
        "stage": row.stage,
        "version": row.version,
        "buyer_ref": row.buyer_ref,
        "store_ref": row.store_ref,
        "conversation": None if row.conversation_id is None else str(row.conversation_id),
    }
