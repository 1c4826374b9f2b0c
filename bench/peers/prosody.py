"""prosody from Debian: mod_mam stores every message in PostgreSQL."""

from pathlib import Path

from bench.peers.installing import from_debian
from bench.peers.running import NAME, PASSWORD, Daemon, PeerDatabase, free_port, owned
from bench.peers.xmpp import HOST, SECRET, XmppPair, people, xmpp_pairs

_CONFIGURATION = """\
data_path = "{folder}/data"
pidfile = "{folder}/prosody.pid"
log = {{ warn = "*console" }}
modules_enabled = {{ "saslauth", "mam" }}
modules_disabled = {{ "s2s" }}
c2s_ports = {{ {port} }}
c2s_interfaces = {{ "127.0.0.1" }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
default_storage = "internal"
storage = {{ archive = "sql" }}
default_archive_policy = true
archive_expires_after = "never"
sql = {{ driver = "PostgreSQL", host = "127.0.0.1", port = {database},
  database = "{name}", username = "{name}", password = "{password}" }}
VirtualHost "{host}"
"""


class Prosody:
    """A fresh prosody on one PostgreSQL."""

    name, ordered = "prosody", True

    def __init__(self, folder: Path, database: PeerDatabase) -> None:
        self._folder, self.database = folder, database
        self._port = free_port()
        self.daemon = Daemon(folder / "prosody.log")

    @staticmethod
    def needed() -> str:
        """The program, with its driver for PostgreSQL installed."""
        return from_debian("prosody", ("prosody", "lua-dbi-postgresql", "lua-event"))

    def start(self, pairs: int) -> None:
        """Run it with so many pairs of people."""
        program = self.needed()
        accounts = self._folder / "data" / HOST.replace(".", "%2e") / "accounts"
        for name in people(pairs):
            owned(accounts / f"{name}.dat", f'return {{ ["password"] = "{SECRET}"; }};\n')
        configuration = owned(
            self._folder / "prosody.cfg.lua",
            _CONFIGURATION.format(
                folder=self._folder,
                host=HOST,
                port=self._port,
                database=self.database.port,
                name=NAME,
                password=PASSWORD,
            ),
        )
        self.daemon.start([program, "-F", "--config", configuration])
        self.daemon.wait_for(self._port, self.name)

    async def pairs(self, number: int) -> list[XmppPair]:
        """So many pairs, signed in."""
        return await xmpp_pairs(self._port, number)

    def stored(self) -> int:
        """Messages in its archive (each is kept for both people)."""
        return self.database.count("prosodyarchive") // 2
