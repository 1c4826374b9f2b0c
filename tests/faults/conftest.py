"""Servers that these tests may kill, and the last check that none is left."""

from tests.journeys.conftest import _nothing_is_left_behind, new_server

__all__ = ["_nothing_is_left_behind", "new_server"]
