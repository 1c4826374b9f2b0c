"""The published description of the API: what FastAPI cannot know of is added here, once for all."""

from typing import Any

from fastapi import FastAPI

from amparo.server.live import protocol
from amparo.server.problems import MEDIA_TYPE

_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "A refusal or failure (RFC 9457), in the reader's language; `code` is stable.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "params"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "params": {"type": "object", "additionalProperties": True},
    },
}
_ANY_PROBLEM: dict[str, Any] = {
    "description": "Whatever is not done is answered with a problem document.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_NOT_OURS = ("HTTPValidationError", "ValidationError")
"""FastAPI's own form of refusals, which the program never answers with."""


def install(app: FastAPI) -> None:
    """Publish problems and the frames of the live socket too: clients are made of the schema."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        document = describe()
        schemas = document["components"]["schemas"]
        for name in _NOT_OURS:
            schemas.pop(name, None)
        schemas |= protocol.json_schema() | {"Problem": _PROBLEM}
        for path in document["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
                operation["responses"]["default"] = _ANY_PROBLEM
        return document

    app.openapi = openapi  # type: ignore[method-assign]
