"""What happens to conversations: kinds in the event log, and what a stream shows of each."""

from collections.abc import Callable, Mapping
from typing import Any

MESSAGE_POSTED = "message_posted"
STATE_CHANGED = "conversation_state_changed"
ASSIGNED = "conversation_assigned"
TRANSFERRED = "conversation_transferred"
MESSAGE_EDITED = "message_edited"
MESSAGE_DELETED = "message_deleted"
RECEIPT = "conversation_receipt"
RATED = "conversation_rated"
TRANSCRIPT_ASKED = "transcript_asked"
OPENED = "conversation_opened"
JOINED = "conversation_joined"
TAGGED = "conversation_tagged"
PRIORITY_SET = "conversation_priority_set"
MERGED = "conversation_merged"
SPLIT = "conversation_split"


def _message(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "message_id": data["message_id"],
        "client_id": data["client_id"],
        "author": {
            "id": data["author_id"],
            "name": data["author_name"],
            "party": data["party"],
        },
        "kind": data["kind"],
        "body": data["body"],
        "language": data["language"],
        "extra": data["extra"],
    }


def _picked(*keys: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    return lambda data: {key: data.get(key) for key in keys}


STREAM_KINDS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    MESSAGE_POSTED: ("message", _message),
    STATE_CHANGED: ("state", _picked("from", "to", "reason", "operator", "until")),
    ASSIGNED: ("assigned", _picked("operator")),
    TRANSFERRED: ("transferred", _picked("from", "to", "by", "note")),
    JOINED: ("joined", _picked("buyer")),
    MESSAGE_EDITED: ("edited", _picked("message_id", "body", "excerpt", "by")),
    MESSAGE_DELETED: ("deleted", _picked("message_id", "by")),
    RECEIPT: ("receipt", _picked("party", "delivered", "read")),
    RATED: ("rated", _picked("score", "reason", "comment")),
    TAGGED: ("tags", _picked("tags", "by")),
    PRIORITY_SET: ("priority", _picked("priority", "by")),
    MERGED: ("merged", _picked("into", "from", "by")),
    SPLIT: ("split", _picked("into", "from", "by")),
}
"""Kind in the log -> kind in a stream and what a party sees; everything else stays inside."""


def shown(kind: str, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """What a stream shows of an event of the log."""
    name, picture = STREAM_KINDS[kind]
    return name, picture(data)
