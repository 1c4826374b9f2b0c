"""The configuration files that Amparo writes for its embedded database."""

import os
import tempfile
from pathlib import Path

from amparo.storage.pg_account import ServerAccount
from amparo.storage.pg_place import short_hash

ROLE = "amparo"
SETTINGS_FILE = "amparo.conf"
INCLUDE = f"\n# Amparo's settings. Yours go below this line and win.\ninclude = '{SETTINGS_FILE}'\n"

_HEADER = "# Written by Amparo at each start: changes made here are lost.\n"
_SETTINGS = """\
# Sized for 2 processor cores and a small machine.
shared_buffers = 128MB
max_connections = 60
max_wal_size = 256MB
jit = off

# What has been acknowledged is on the disk.
fsync = on
synchronous_commit = on
full_page_writes = on

idle_in_transaction_session_timeout = 60s
timezone = 'UTC'
log_timezone = 'UTC'
default_text_search_config = 'pg_catalog.simple'

# What people wrote does not belong into a log: statements that fail are reported to the program
# that sent them, and nowhere else.
log_statement = none
log_min_messages = log
log_min_error_statement = panic
log_checkpoints = off
log_autovacuum_min_duration = -1
"""
_HBA = """\
local  all          {role}  peer map=amparo
local  replication  {role}  peer map=amparo
local  all          all     reject
host   all          all     all  reject
"""


def cluster_name(cluster: Path) -> str:
    """Gives the name by which the processes of one database are known in the process list."""
    return f"amparo-{short_hash(cluster)}"


def write_configuration(cluster: Path, account: ServerAccount, user: str) -> bool:
    """Brings settings, access rules and user map up to date.

    Args:
        cluster: The database's folder.
        account: Who runs the server.
        user: The operating system user that Amparo runs under.

    Returns:
        Whether anything changed, so that a running server has to read the files again.

    Raises:
        OSError: A file cannot be written.
    """
    settings = f"{_SETTINGS}cluster_name = '{cluster_name(cluster)}'\n"
    users = sorted({user, account.name})
    ident = "".join(f"amparo  {_quoted(name)}  {ROLE}\n" for name in users)
    changed = [
        _write(cluster / SETTINGS_FILE, _HEADER + settings, account),
        _write(cluster / "pg_hba.conf", _HEADER + _HBA.format(role=ROLE), account),
        _write(cluster / "pg_ident.conf", _HEADER + ident, account),
    ]
    return any(changed)


def _write(path: Path, text: str, account: ServerAccount) -> bool:
    try:
        if not path.is_symlink() and path.read_text("utf-8") == text:
            return False
    except (FileNotFoundError, UnicodeDecodeError):
        pass
    # A new file moved over the old one: never half a file, and never through a link.
    fd, fresh = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        account.own(Path(fresh))
        os.replace(fresh, path)
    except BaseException:
        os.unlink(fresh)
        raise
    return True


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
