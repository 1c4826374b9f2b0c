"""What every table shares: names of constraints, types of columns."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, MetaData, Text, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase

from amparo.kernel.clock import require_aware

_JSONB = JSONB(none_as_null=True)
# A string as the mark would be read as a forward reference by SQLAlchemy.
Json = Annotated[dict[str, Any], _JSONB]
JsonList = Annotated[list[Any], _JSONB]


class UtcDateTime(TypeDecorator[datetime]):
    """``timestamptz`` that refuses a time without a zone and always answers in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        return None if value is None else require_aware(value)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own declaration
        str: Text(),
        int: BigInteger(),
        UUID: Uuid(),
        datetime: UtcDateTime(),
        Json: _JSONB,
        JsonList: _JSONB,
        dict[str, Any]: _JSONB,
        list[str]: ARRAY(Text()),
    }
