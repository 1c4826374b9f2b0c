"""Frozen dataclasses to JSON and back, by their type hints: what a case is stored as.

Times become ISO 8601 in UTC, tuples become lists; a field that has its default is left out, so a
document stays short and an older one can be read after a field has been added.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def plain(value: Any) -> Any:
    """``value`` as JSON data."""
    if is_dataclass(value) and not isinstance(value, type):
        return _plain_fields(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return value


def build(kind: type[T], data: Any) -> T:
    """The dataclass that ``data`` describes.

    Raises:
        KeyError, ValueError, TypeError: ``data`` was not made by ``plain`` of that class.
    """
    return _build(kind, data)  # type: ignore[no-any-return]


def _plain_fields(value: Any) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, default in _defaults(type(value)):  # type: ignore[arg-type]
        held = getattr(value, name)
        if default is MISSING or held != default:
            told[name] = plain(held)
    return told


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (
            one.name,
            one.default_factory() if one.default_factory is not MISSING else one.default,
        )
        for one in fields(kind)
    )


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, data: Any) -> Any:
    if data is None or kind in (int, str, bool, float, Any):
        return data
    if kind is datetime:
        return datetime.fromisoformat(data)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _build(hints[name], one) for name, one in data.items()})
    return _build_generic(get_origin(kind), get_args(kind), data)


def _build_generic(origin: Any, inner: tuple[Any, ...], data: Any) -> Any:
    if origin in (Union, UnionType):
        return _build(next(one for one in inner if one is not NoneType), data)
    if origin is tuple:
        return tuple(_build(inner[0], one) for one in data)
    if origin is Literal:
        return data
    return {key: _build(inner[1], one) for key, one in data.items()}
