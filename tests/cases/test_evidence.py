"""Files of evidence: once, one's own, kept for ever when handed in, gone when they are not."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.cases import evidence_actions
from amparo.cases.models import CaseFile
from amparo.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from amparo.kernel.ids import new_id
from amparo.storage.files import Folder
from amparo.storage.timers import TimerRow
from tests.cases.house import ANA, OLGA, SERVER, WEI, Pixels, asked, do, opened, photo, place_order


@pytest.fixture
def case(shop: Session, now: datetime) -> UUID:
    place_order(shop, "O-1", now)
    return opened(shop, asked("O-1", now), now).id


def timers_of(session: Session, file: UUID) -> set[str]:
    return set(session.scalars(select(TimerRow.kind).where(TimerRow.subject == file)))


def test_what_was_handed_in_stays(shop: Session, case: UUID, now: datetime) -> None:
    file = photo(shop, OLGA, now, case)
    assert timers_of(shop, file) == {"case_file_unsent"}
    do(shop, OLGA, case, "add_evidence", now, files=[file], text="The empty box.")
    assert timers_of(shop, file) == set()
    with pytest.raises(Conflict) as caught:
        evidence_actions.take_back(shop, OLGA, file, now)
    assert caught.value.code == "case_file_kept"
    evidence_actions.remove_unsent(shop, file, {}, now + timedelta(days=2))
    kept = shop.get_one(CaseFile, file, populate_existing=True)
    assert (kept.removed_at, kept.case_id) == (None, case)
    with pytest.raises(Invalid):  # evidence of one step is not that of another
        do(shop, OLGA, case, "add_evidence", now, files=[file])


def test_what_was_not_goes_away(shop: Session, case: UUID, now: datetime, tmp_path: Path) -> None:
    store = Folder(tmp_path)
    file = photo(shop, OLGA, now, case)
    store.put(file, Pixels().data)
    evidence_actions.remove_unsent(shop, file, {}, now)
    assert "case_file_removed" in timers_of(shop, file)
    with pytest.raises(Invalid):
        do(shop, OLGA, case, "add_evidence", now, files=[file])
    evidence_actions.remover(store)(shop, file, {}, now)
    shop.flush()
    assert store.get(file) is None
    assert shop.get(CaseFile, file) is None


def test_the_same_upload_is_one_file(shop: Session, case: UUID, now: datetime) -> None:
    client = new_id()

    def put(source: str) -> evidence_actions.Reserved:
        return evidence_actions.reserve(
            shop, OLGA, client, name="a.png", source=source, kind="image", type=None,
            case_id=case, now=now,
        )  # fmt: skip

    first = put("1" * 64)
    assert put("1" * 64).id == first.id
    with pytest.raises(Conflict):
        put("2" * 64)


def test_only_who_has_the_case(shop: Session, case: UUID, now: datetime) -> None:
    with pytest.raises(NotFound):
        photo(shop, ANA, now, case)
    with pytest.raises(Forbidden):
        photo(shop, SERVER, now, case)
    sellers = photo(shop, WEI, now, case)
    with pytest.raises(Invalid):
        do(shop, OLGA, case, "add_evidence", now, files=[sellers])
    with pytest.raises(NotFound):
        evidence_actions.take_back(shop, OLGA, sellers, now)


def test_no_more_than_ten_at_once(shop: Session, case: UUID, now: datetime) -> None:
    files = [photo(shop, OLGA, now, case) for _ in range(11)]
    with pytest.raises(Invalid) as caught, shop.begin_nested():
        do(shop, OLGA, case, "add_evidence", now, files=files)
    assert caught.value.code == "too_many_files"
    do(shop, OLGA, case, "add_evidence", now, files=files[:10])
