"""For developers: write a migration from the difference between the models and the migrations.

Usage: ``python -m amparo.storage.revise 0002 "What it does"``
"""

import sys
import tempfile
from pathlib import Path

from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.migrate import new_revision, upgrade
from amparo.storage.session import connect

_NAME = "revision"


def main(number: str, message: str) -> None:
    """Migrate an empty database, compare, write the revision."""
    with tempfile.TemporaryDirectory(prefix="amparo-revise-") as folder:
        path = Path(folder)
        path.chmod(0o755)  # PostgreSQL runs as another user when we are root
        server = EmbeddedPostgres(path)
        server.start()
        try:
            server.ensure_database(_NAME)
            database = connect(server.url(_NAME))
            upgrade(database)
            new_revision(database, number, message)
            database.close()
        finally:
            server.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
