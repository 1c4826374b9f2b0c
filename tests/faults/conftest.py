"""Servers that these tests may kill."""

from tests.journeys.conftest import new_server

__all__ = ["new_server"]
