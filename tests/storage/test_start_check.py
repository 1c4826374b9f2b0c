"""A database that would lose messages or not find them is refused before the first row."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.errors import StorageError
from amparo.storage.start_check import check
from tests.storage.clusters import public_folder

UNFIT = {
    "unfit_ascii": (
        "ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'",
        "encoding is SQL_ASCII",
    ),
    "unfit_letters": (
        "ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'",
        "does not know the letters of Russian",
    ),
    "unfit_punctuation": (
        "ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' "
        "LC_CTYPE 'C'",
        "takes punctuation for letters",
    ),
}


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    with public_folder() as folder:
        server = EmbeddedPostgres(Path(folder) / "data")
        server.start()
        server.ensure_database("fit")
        yield server
        server.stop()


def test_a_database_made_by_us_passes_and_is_left_as_it_was(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.conninfo("fit")) as connection:
        check(connection)
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_words_are_found_between_the_punctuation_of_other_languages(
    server: EmbeddedPostgres,
) -> None:
    query = "SELECT to_tsvector(%s, %s) @@ to_tsquery(%s, %s)"
    with psycopg.connect(server.conninfo("fit")) as connection:
        for language, said, sought in (
            ("russian", "Где «ЗАКАЗЫ»?", "заказ"),
            ("spanish", "¿DÓNDE está?", "dónde"),
            ("simple", "订单，在哪里？", "订单"),
        ):
            row = connection.execute(query, [language, said, language, sought]).fetchone()
            assert row == (True,), said


@pytest.mark.parametrize("name", UNFIT)
def test_a_database_in_which_the_search_fails_is_refused(
    server: EmbeddedPostgres, name: str
) -> None:
    options, problem = UNFIT[name]
    with psycopg.connect(server.conninfo("fit"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 {options}".encode())
    with (
        psycopg.connect(server.conninfo(name)) as connection,
        pytest.raises(StorageError, match=problem) as refusal,
    ):
        check(connection)
    assert "LC_CTYPE 'C.UTF-8'" in str(refusal.value), "it must say how to make a good one"
    server.drop_database(name)


def test_settings_that_lose_acknowledged_messages_are_refused(server: EmbeddedPostgres) -> None:
    careless = server.conninfo("fit") + " options='-c synchronous_commit=off'"
    with (
        psycopg.connect(careless) as connection,
        pytest.raises(StorageError, match=r"synchronous_commit is 'off'.*set it to 'on'"),
    ):
        check(connection)
