"""One transaction per unit of work; the only place that commits.

A domain function gets a session and never ends its transaction. What must be told to others
after the commit (live sockets, other nodes, followers) is left as a *hint*: all hints of a
transaction go out as one NOTIFY inside it, so PostgreSQL delivers them exactly when the data is
there and drops them when it is not. A hint carries no data: whoever gets it reads the database.
"""

import select
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, LiteralString, Protocol, cast

import msgspec
import psycopg
import structlog
from psycopg.rows import dict_row
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker

CHANNEL = "amparo"
EPHEMERAL_CHANNEL = "amparo_live"
"""What is said once and stored nowhere (``server/live/bus.py``)."""
EVERYTHING = "*"
"""The hint that says: more happened than fits, look at everything you care for."""
FROM = "from:"
"""Begins the mark of a process in a hint: that process needs not read the topics behind it."""
_PAYLOAD_LIMIT = 7000  # PostgreSQL allows 8,000 bytes
_MOST_PAYLOADS = 4
log = structlog.get_logger(__name__)


class HintCarrier(Protocol):
    """Takes hints to all processes in place of NOTIFY, while it is ready."""

    def ready(self) -> bool:
        """Whether everybody hears what it carries; from any thread."""
        ...

    def carry(self, payloads: Sequence[str]) -> None:
        """Tell everybody, this process too; after the commit, on its thread."""
        ...


class Database:
    """The door to PostgreSQL: hands out transactions."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False, autoflush=True)
        self._origin: str | None = None
        self._take_news: Callable[[Sequence[Any]], None] = lambda _: None
        self._carrier: HintCarrier | None = None

    def tell_news(self, origin: str, take: Callable[[Sequence[Any]], None]) -> None:
        """Hand what transactions leave with :func:`news` to ``take``, after their commit and on
        their thread; their hints carry the mark ``from:<origin>``, so that nobody here reads it
        again."""
        self._origin, self._take_news = origin, take

    def carry_hints(self, carrier: HintCarrier | None) -> None:
        """Hints go with this carrier while it is ready; None leaves them to NOTIFY."""
        self._carrier = carrier

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A unit of work: durable when the block ends, undone when it raises."""
        with self._sessions() as session:
            carrier = self._carrier
            session.info |= {"origin": self._origin, "carrier": carrier}
            yield session
            session.flush()
            items = session.info.pop("news", None)
            send_hints(session)
            session.commit()
            carried = session.info.pop("carried", None)
        if items and self._origin is not None:
            try:
                self._take_news(items)
            except Exception:  # it is stored: whoever listens finds it by its number
                log.exception("news_not_taken")
        if carried and carrier is not None:
            try:
                carrier.carry(carried)
            except Exception:
                log.exception("hints_not_carried")

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
        json_serializer=msgspec.json.encode,  # both several times faster than json's
        json_deserializer=msgspec.json.decode,
        connect_args={"options": "-c timezone=UTC -c statement_timeout=30s"},
    )
    event.listen(engine, "checkout", _still_open)
    return Database(engine)


def _still_open(connection: psycopg.Connection[Any], *_: object) -> None:
    """A server that ended has said so; asking with a query would cost each unit of work a trip."""
    if not connection.closed:
        heard = select.poll()  # select() knows no descriptors above 1,024
        heard.register(connection.fileno(), select.POLLIN)
        if not heard.poll(0):
            return
    raise InvalidatePoolError()


Statement = tuple[LiteralString, Mapping[str, Any]]


def several(session: Session, *statements: Statement) -> list[list[dict[str, Any]]]:
    """Run statements with one trip to the database, past SQLAlchemy: for what runs all the time.

    Args:
        statements: SQL in psycopg's style (``%(name)s``) with its values.

    Returns:
        the rows of each.
    """
    session.flush()
    raw = session.connection().connection.driver_connection
    connection = cast("psycopg.Connection[dict[str, Any]]", raw)
    cursors = [connection.cursor(row_factory=dict_row) for _ in statements]
    if len(statements) == 1:
        cursors[0].execute(*statements[0])
    else:
        with connection.pipeline():
            for cursor, statement in zip(cursors, statements, strict=True):
                cursor.execute(*statement)
    return [cursor.fetchall() if cursor.description else [] for cursor in cursors]


def array(items: Iterable[object]) -> str:
    """An array of ids as PostgreSQL reads it; cast it in the statement."""
    return "{" + ",".join(map(str, items)) + "}"


def identity(database: Database) -> str:
    """A name that only this database has, for what is shared with others; 16 hexadecimal digits."""
    with database.engine.connect() as connection:
        asked = "SELECT system_identifier, current_database() FROM pg_control_system()"
        return sha256(repr(tuple(connection.execute(text(asked)).one())).encode()).hexdigest()[:16]


def say(database: Database, payload: str, channel: str = EPHEMERAL_CHANNEL) -> None:
    """Tell all nodes something outside of any transaction; at most 8,000 bytes."""
    with database.engine.connect() as connection:
        connection.execute(
            text("SELECT pg_notify(:channel, :payload)"),
            {"channel": channel, "payload": payload},
        )
        connection.commit()


def hint(session: Session, *topics: str) -> None:
    """Tell all nodes, after this transaction's commit, that ``topics`` changed.

    Topics are ``conversation:<uuid>``, ``queue:<team>:<language>``, ``desk``, ``events``,
    ``session:<uuid>``.
    """
    session.info.setdefault("hints", {}).update(dict.fromkeys(topics))


def news(session: Session, items: Sequence[Any], covers: Iterable[str]) -> None:
    """What this process's own listeners need not read back from the database after the commit.

    Args:
        covers: the topics of which the items say everything; the other processes get them as
            hints.
    """
    session.info.setdefault("news", []).extend(items)
    session.info.setdefault("covered", {}).update(dict.fromkeys(covers))


def send_hints(session: Session) -> None:
    """Send what :func:`hint` collected with one statement (done by the unit of work itself)."""
    payloads = hints_now(session)
    if payloads:
        session.execute(_NOTIFY, {"channel": CHANNEL, "payloads": payloads})


def hints_now(session: Session) -> list[str]:
    """What :func:`hint` has collected so far, as payloads for :data:`CHANNEL`; for a statement
    that does other things too. What is left later goes out with the unit of work's own.

    Where something else carries hints there is nothing to send: they wait for the commit."""
    topics: dict[str, None] = session.info.pop("hints", {})
    covered: dict[str, None] = session.info.pop("covered", {})
    origin = session.info.get("origin")
    if origin is None:
        payloads = _payloads([*topics, *covered])
    else:
        others = [topic for topic in topics if topic not in covered]
        payloads = _payloads([*others, *([FROM + origin] if covered else []), *covered])
    carrier: HintCarrier | None = session.info.get("carrier")
    if not payloads or carrier is None or not carrier.ready():
        return payloads
    session.info.setdefault("carried", []).extend(payloads)
    return []


_NOTIFY = text("SELECT pg_notify(:channel, p) FROM unnest(CAST(:payloads AS text[])) AS p")


def _payloads(topics: Sequence[str]) -> list[str]:
    """As few notifications as hold the topics; where it were many, one that says everything.

    A line that begins among the topics of a process's own begins with its mark.
    """
    lines: list[list[str]] = []
    size, mark = _PAYLOAD_LIMIT, None
    for topic in topics:
        if topic.startswith(FROM):
            mark = topic
        if size + len(topic) > _PAYLOAD_LIMIT:
            lines.append([] if mark in (None, topic) else [str(mark)])
            size = 0
        lines[-1].append(topic)
        size += len(topic) + 1
    return [EVERYTHING] if len(lines) > _MOST_PAYLOADS else [" ".join(line) for line in lines]
