"""Refuses a database that could lose what was acknowledged or in which the search does not work."""

from typing import Any

import psycopg
from psycopg.rows import tuple_row

from amparo.storage.errors import StorageError

OLDEST_VERSION = 150000
_DURABLE = {
    "fsync": ("on",),
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
    "full_page_writes": ("on",),
}
_FIND_WORD_FORM = "SELECT to_tsvector('russian', 'ЗАКАЗЫ') @@ to_tsquery('russian', 'заказ')"
_FIND_IN_QUOTES = "SELECT to_tsvector('russian', '«заказ»') @@ to_tsquery('russian', 'заказ')"
_HOW_TO_MAKE = (
    "Make a new database for Amparo. On PostgreSQL 17 and later: CREATE DATABASE amparo TEMPLATE "
    "template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' "
    "LC_CTYPE 'C.UTF-8'. On 15 and 16: CREATE DATABASE amparo TEMPLATE template0 ENCODING 'UTF8' "
    "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'."
)


def check(connection: psycopg.Connection[Any]) -> None:
    """Makes sure that Amparo can rely on a database, before it writes anything there.

    Args:
        connection: A connection to the database, with the settings that Amparo's own will have.

    Raises:
        StorageError: The server is too old, a setting would lose committed data, or the
            database's encoding or locale breaks the search. The message lists every problem
            found, each with what to do.
    """
    problems = [*_version_problems(connection), *_durability_problems(connection)]
    # Without UTF-8 the words of the search test cannot even be sent.
    problems += _encoding_problems(connection) or _search_problems(connection)
    if problems:
        raise StorageError(
            f"Amparo cannot use the database {connection.info.dbname!r} as it is. "
            + " ".join(problems)
        )


def _version_problems(connection: psycopg.Connection[Any]) -> list[str]:
    version = connection.info.server_version
    if version >= OLDEST_VERSION:
        return []
    return [
        f"The server is PostgreSQL {version // 10000}, and Amparo needs 15 or later: upgrade it."
    ]


def _durability_problems(connection: psycopg.Connection[Any]) -> list[str]:
    problems = []
    for setting, safe in _DURABLE.items():
        value = _ask(connection, f"SELECT current_setting('{setting}')")
        if value not in safe:
            problems.append(
                f"The setting {setting} is {value!r}, so messages that were acknowledged could be "
                f"lost in a crash: set it to 'on' in postgresql.conf, and remove any ALTER ROLE or "
                f"ALTER DATABASE that changes it."
            )
    return problems


def _encoding_problems(connection: psycopg.Connection[Any]) -> list[str]:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding == "UTF8":
        return []
    return [f"Its encoding is {encoding}, and Amparo needs UTF8. {_HOW_TO_MAKE}"]


def _search_problems(connection: psycopg.Connection[Any]) -> list[str]:
    try:
        if _ask(connection, _FIND_WORD_FORM) is not True:
            return [
                "Its locale does not know the letters of Russian (a search for заказ does not "
                f"find ЗАКАЗЫ). {_HOW_TO_MAKE}"
            ]
        if _ask(connection, _FIND_IN_QUOTES) is not True:
            return [
                "Its LC_CTYPE takes punctuation for letters (a search for заказ does not find "
                f"«заказ»). {_HOW_TO_MAKE}"
            ]
    except psycopg.errors.UndefinedObject as error:
        return [f"Its Russian text search is missing ({error}): install PostgreSQL completely."]
    return []


def _ask(connection: psycopg.Connection[Any], query: str) -> object:
    # A transaction of its own, so that the caller's connection is left as it was.
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query.encode()).fetchone()
    return None if row is None else row[0]
