"""Tables of people, the sites that vouch for them, and the sessions they act through."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base


class Person(Base):
    """Anybody who acts: visitor, buyer, seller, operator or administrator."""

    __tablename__ = "person"
    # A marketplace's own id means one buyer and one seller; people without one never collide.
    __table_args__ = (UniqueConstraint("role", "ref"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str]
    ref: Mapped[str | None]
    name: Mapped[str]
    email: Mapped[str | None]
    language: Mapped[str]
    time_zone: Mapped[str | None]
    stores: Mapped[list[str]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class StaffCredential(Base):
    """How an operator or administrator signs in."""

    __tablename__ = "staff_credential"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    email: Mapped[str]
    password_hash: Mapped[str]
    languages: Mapped[list[str]]
    disabled_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


Index("uq_staff_credential_lower_email", func.lower(StaffCredential.email), unique=True)


class Site(Base):
    """A web presence of the marketplace; its public key names it."""

    __tablename__ = "site"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    origins: Mapped[list[str]]
    languages: Mapped[list[str]]
    brand: Mapped[dict[str, Any]]
    pages: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The site's own pages for what only it can do: action key -> address."""
    created_at: Mapped[datetime]


class IdentityKey(Base):
    """A public key of the marketplace; the algorithm is ours to say, never the token's."""

    __tablename__ = "identity_key"

    site: Mapped[str] = mapped_column(ForeignKey("site.key"), primary_key=True)
    kid: Mapped[str] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    algorithm: Mapped[str]
    material: Mapped[str]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class UsedToken(Base):
    """A token that was exchanged; remembered until it would have expired anyway."""

    __tablename__ = "used_token"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    jti: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class AccessSession(Base):
    """A signed-in browser. Only the SHA-256 of its token is stored."""

    __tablename__ = "access_session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    site: Mapped[str | None] = mapped_column(ForeignKey("site.key"))
    csrf: Mapped[str | None]
    user_agent: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class IntegrationKey(Base):
    """What the marketplace's own servers call us with."""

    __tablename__ = "integration_key"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class PersonBlock(Base):
    """Somebody who may read and not write; a row that has ended counts for nothing.

    Attributes:
        by_id: the operator; None where the program held back somebody who flooded us.
        until: the end; None has none.
        appeal: what the person said to it, once.
    """

    __tablename__ = "person_block"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    by_id: Mapped[UUID | None]
    reason: Mapped[str]
    until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    appeal: Mapped[str | None]
    appealed_at: Mapped[datetime | None]
