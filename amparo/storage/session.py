"""One transaction per unit of work; the only place that commits.

A domain function gets a session and never ends its transaction. What must be told to others
after the commit (live sockets, other nodes, followers) is left as a *hint*: all hints of a
transaction go out as one NOTIFY inside it, so PostgreSQL delivers them exactly when the data is
there and drops them when it is not. A hint carries no data: whoever gets it reads the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

CHANNEL = "amparo"
EPHEMERAL_CHANNEL = "amparo_live"
"""What is said once and stored nowhere (``server/live/bus.py``)."""
EVERYTHING = "*"
"""The hint that says: more happened than fits, look at everything you care for."""
_PAYLOAD_LIMIT = 7000  # PostgreSQL allows 8,000 bytes


class Database:
    """The door to PostgreSQL: hands out transactions."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False, autoflush=True)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A unit of work: durable when the block ends, undone when it raises."""
        with self._sessions() as session:
            yield session
            session.flush()
            send_hints(session)
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that can only read."""
        with self._sessions() as session:
            session.execute(text("SET TRANSACTION READ ONLY"))
            yield session
            session.rollback()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def connect(url: str, *, pool: int = 12) -> Database:
    """A Database for a SQLAlchemy or libpq URL, with at most ``pool`` connections."""
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            url = "postgresql+psycopg://" + url.removeprefix(plain)
    engine = create_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        json_serializer=msgspec.json.encode,  # both several times faster than json's
        json_deserializer=msgspec.json.decode,
        connect_args={"options": "-c timezone=UTC -c statement_timeout=30s"},
    )
    return Database(engine)


def say(database: Database, payload: str) -> None:
    """Tell all nodes something that is stored nowhere; at most 8,000 bytes."""
    with database.engine.connect() as connection:
        connection.execute(
            text("SELECT pg_notify(:channel, :payload)"),
            {"channel": EPHEMERAL_CHANNEL, "payload": payload},
        )
        connection.commit()


def hint(session: Session, *topics: str) -> None:
    """Tell all nodes, after this transaction's commit, that ``topics`` changed.

    Topics are ``conversation:<uuid>``, ``queue:<team>:<language>``, ``desk``, ``events``,
    ``session:<uuid>``.
    """
    session.info.setdefault("hints", {}).update(dict.fromkeys(topics))


def send_hints(session: Session) -> None:
    """Send what :func:`hint` collected as one NOTIFY (done by the unit of work itself)."""
    topics = session.info.pop("hints", None)
    if not topics:
        return
    payload = " ".join(topics)
    if len(payload) > _PAYLOAD_LIMIT:
        payload = EVERYTHING
    session.execute(
        text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload}
    )
