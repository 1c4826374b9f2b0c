"""Everybody is there before each test of conversations."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from tests.people import populate


@pytest.fixture
def people(session: Session, now: datetime) -> None:
    populate(session, now)
