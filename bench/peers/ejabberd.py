"""ejabberd from Debian: mod_mam stores every message in PostgreSQL before it is handed over."""

from pathlib import Path

from bench.peers.installing import cannot, from_debian
from bench.peers.running import NAME, PASSWORD, Daemon, PeerDatabase, free_port, owned
from bench.peers.xmpp import HOST, SECRET, XmppPair, people, xmpp_pairs

_SCHEMA = Path("/usr/share/ejabberd/sql/pg.sql")
_CONFIGURATION = """\
hosts: ["{host}"]
loglevel: warning
listen:
  - port: {port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    access: all
    shaper: none
    starttls: false
    max_stanza_size: 262144
auth_method: [sql]
auth_password_format: plain
default_db: sql
sql_type: pgsql
sql_server: "127.0.0.1"
sql_port: {database}
sql_database: "{name}"
sql_username: "{name}"
sql_password: "{password}"
modules:
  mod_mam:
    db_type: sql
    default: always
  mod_offline:
    db_type: sql
"""


class Ejabberd:
    """A fresh ejabberd on one PostgreSQL."""

    name, ordered = "ejabberd", True

    def __init__(self, folder: Path, database: PeerDatabase) -> None:
        self._folder, self.database = folder, database
        self._port = free_port()
        self.daemon = Daemon(folder / "ejabberd.log")

    @staticmethod
    def needed() -> str:
        """The Erlang machine, with ejabberd and its driver for PostgreSQL installed."""
        from_debian("ejabberdctl", ("ejabberd", "erlang-p1-pgsql"))
        return from_debian("erl", ("erlang-base",))

    def start(self, pairs: int) -> None:
        """Run it with so many pairs of people."""
        program = self.needed()
        libraries = next(Path("/usr/lib").glob("*/ejabberd-*/ebin"), None)
        if libraries is None or not _SCHEMA.exists():
            cannot("ejabberd is installed, but not where Debian puts it")
        self.database.run(_SCHEMA.read_text("utf-8"))
        rows = ", ".join(f"('{name}', '{SECRET}')" for name in people(pairs))
        self.database.run(f"INSERT INTO users (username, password) VALUES {rows}")
        configuration = owned(
            self._folder / "ejabberd.yml",
            _CONFIGURATION.format(
                host=HOST,
                port=self._port,
                database=self.database.port,
                name=NAME,
                password=PASSWORD,
            ),
        )
        # without a node name: no epmd, which would stay behind
        self.daemon.start(
            [
                *(program, "-noinput", "+K", "true", "+P", "250000"),
                *("-mnesia", "dir", f'"{self._folder}/mnesia"', "-s", "ejabberd"),
            ],
            ERL_LIBS=str(libraries.parents[1]),
            EJABBERD_CONFIG_PATH=str(configuration),
            EJABBERD_LOG_PATH=str(self._folder / "ejabberd.log"),
            ERL_CRASH_DUMP="/dev/null",
            HOME=str(self._folder),
        )
        self.daemon.wait_for(self._port, self.name)

    async def pairs(self, number: int) -> list[XmppPair]:
        """So many pairs, signed in."""
        return await xmpp_pairs(self._port, number)

    def stored(self) -> int:
        """Messages in its archive (each is kept for both people)."""
        return self.database.count("archive") // 2
