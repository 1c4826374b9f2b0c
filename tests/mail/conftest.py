"""Senders and followers commit: each test gets a database that is emptied after it."""

from tests.emptied import _kept, database

__all__ = ["_kept", "database"]
