"""Pictures in messages: whose they are, who sees them, and how they go away."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.conversations import files_actions as actions
from amparo.conversations import files_rules as rules
from amparo.conversations.actions import join_visitor, post_messages
from amparo.conversations.files_queries import file_for
from amparo.conversations.files_rules import FileView
from amparo.conversations.models import Conversation
from amparo.conversations.posting import Stored
from amparo.conversations.queries import conversation_for, events_after
from amparo.conversations.rules import Opening
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Invalid, NotFound, Problem, TooMany
from amparo.kernel.ids import new_id
from amparo.storage.files import Folder
from amparo.storage.images import Picture
from amparo.storage.session import Database
from amparo.storage.timers import fire_next
from tests.people import ANA, MARTA, OLGA, TEO, VISITOR, WEI, draft, open_chat, populate, say

PICTURE = Picture(b"pixels", "image/webp", 320, 200)
pytestmark = pytest.mark.usefixtures("people")


def put_in(
    session: Session, actor: Actor, chat: UUID, now: datetime, name: str = "bank.png", **how: object
) -> FileView:
    """A picture that is ready to be sent."""
    opens, source = bool(how.get("opens")), str(how.get("source", "0"))
    client = how.get("client_id") or new_id()
    assert isinstance(client, UUID)
    reserved = actions.reserve(
        session, actor, chat, client, name=name, source=source, opens=opens, now=now
    )
    return actions.finish(session, reserved.id, PICTURE, now)


def refused(session: Session, actor: Actor, chat: UUID, now: datetime, *files: UUID) -> str:
    outcome = post_messages(session, [draft(actor, chat, "see", files=files)], now)[0]
    assert isinstance(outcome, Problem)
    return outcome.code


def last_message(session: Session, actor: Actor, chat: UUID) -> dict[str, object]:
    said = [
        event.data for event in events_after(session, actor, chat, 0) if event.kind == "message"
    ]
    return said[-1]


def test_a_message_carries_its_pictures_to_everybody_who_reads_it(
    session: Session, now: datetime
) -> None:
    chat = open_chat(session, ANA, now)
    file = put_in(session, ANA, chat, now)
    say(session, ANA, chat, "this", now, files=(file.id,))
    for reader in (ANA, MARTA):
        said = last_message(session, reader, chat)
        assert said["extra"] == {
            "files": [
                {
                    "id": str(file.id),
                    "name": "bank",
                    "media_type": "image/webp",
                    "width": 320,
                    "height": 200,
                    "bytes": 6,
                    "url": f"/api/v1/conversations/{chat}/files/{file.id}",
                    "kind": "image",
                }
            ]
        }
        assert file_for(session, reader, chat, file.id) == file


def test_a_picture_alone_is_a_message_and_nothing_at_all_is_none(
    session: Session, now: datetime
) -> None:
    chat = open_chat(session, ANA, now)
    file = put_in(session, ANA, chat, now)
    say(session, ANA, chat, "  ", now, files=(file.id,))
    assert last_message(session, MARTA, chat)["body"] == ""
    outcome = post_messages(session, [draft(ANA, chat, " ")], now)[0]
    assert isinstance(outcome, Invalid)


def test_a_picture_can_come_before_the_conversation_that_it_opens(
    session: Session, now: datetime
) -> None:
    chat = new_id()
    with pytest.raises(NotFound):
        put_in(session, VISITOR, chat, now)
    file = put_in(session, VISITOR, chat, now, opens=True)
    opening = Opening(language="en")
    say(session, VISITOR, chat, "why?", now, opening=opening, files=(file.id,))
    assert file_for(session, MARTA, chat, file.id) == file


@pytest.mark.parametrize("actor", [WEI, MARTA, TEO], ids=lambda actor: actor.name)
def test_who_may_not_open_a_conversation_puts_nothing_into_one_that_is_not_there(
    session: Session, now: datetime, actor: Actor
) -> None:
    with pytest.raises(Invalid):
        put_in(session, actor, new_id(), now, opens=True)


def test_nobody_puts_a_picture_into_a_conversation_of_others(
    session: Session, now: datetime
) -> None:
    chat = open_chat(session, ANA, now)
    for actor in (OLGA, VISITOR, WEI):
        for opens in (False, True):
            with pytest.raises(NotFound):
                put_in(session, actor, chat, now, opens=opens)


def test_an_unsent_picture_is_seen_by_its_author_only(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    file = put_in(session, ANA, chat, now)
    assert file_for(session, ANA, chat, file.id) == file
    for actor in (MARTA, TEO, OLGA, WEI):
        with pytest.raises(NotFound):
            file_for(session, actor, chat, file.id)


def test_a_notes_picture_never_reaches_the_buyer(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    file = put_in(session, MARTA, chat, now)
    say(session, MARTA, chat, "look", now, kind="note", files=(file.id,))
    assert file_for(session, TEO, chat, file.id) == file
    with pytest.raises(NotFound):
        file_for(session, ANA, chat, file.id)
    assert str(file.id) not in str(events_after(session, ANA, chat, 0))


def test_a_picture_is_found_under_its_own_conversation_only(
    session: Session, now: datetime
) -> None:
    mine, other = open_chat(session, ANA, now), open_chat(session, ANA, now)
    file = put_in(session, ANA, mine, now)
    with pytest.raises(NotFound):
        file_for(session, ANA, other, file.id)
    assert refused(session, ANA, other, now, file.id) == "file_not_found"


def test_only_ones_own_waiting_pictures_can_be_sent_and_once(
    session: Session, now: datetime
) -> None:
    chat = open_chat(session, ANA, now)
    theirs, mine = put_in(session, MARTA, chat, now), put_in(session, ANA, chat, now)
    half = actions.reserve(session, ANA, chat, new_id(), name="", source="1", opens=False, now=now)
    assert refused(session, ANA, chat, now, theirs.id) == "file_not_found"
    assert refused(session, ANA, chat, now, half.id) == "file_not_found"
    assert refused(session, ANA, chat, now, new_id()) == "file_not_found"
    say(session, ANA, chat, "this", now, files=(mine.id,))
    assert refused(session, ANA, chat, now, mine.id) == "file_not_found"


def test_two_messages_of_one_batch_do_not_share_a_picture(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    file = put_in(session, ANA, chat, now)
    batch = [draft(ANA, chat, body, files=(file.id,)) for body in ("one", "two")]
    first, second = post_messages(session, batch, now)
    assert isinstance(first, Stored)
    assert isinstance(second, Invalid)


def test_four_pictures_fit_and_five_do_not(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    files = [put_in(session, ANA, chat, now).id for _ in range(5)]
    assert refused(session, ANA, chat, now, *files) == "too_many_files"
    say(session, ANA, chat, "these", now, files=tuple(files[:4]))


def test_the_same_upload_again_is_the_same_picture(session: Session, now: datetime) -> None:
    chat, client = open_chat(session, ANA, now), new_id()
    file = put_in(session, ANA, chat, now, client_id=client)
    again = actions.reserve(
        session, ANA, chat, client, name="other", source="0", opens=False, now=now
    )
    assert again.file == file
    with pytest.raises(Conflict):
        put_in(session, ANA, chat, now, client_id=client, source="other bytes")


def test_the_same_message_again_is_the_same_message_with_the_same_pictures_only(
    session: Session, now: datetime
) -> None:
    chat, client = open_chat(session, ANA, now), new_id()
    one, two = put_in(session, ANA, chat, now), put_in(session, ANA, chat, now)
    first = say(session, ANA, chat, "", now, files=(one.id,), client_id=client)
    again = say(session, ANA, chat, "", now, files=(one.id,), client_id=client)
    assert (again.message_id, again.repeated) == (first.message_id, True)
    other = draft(ANA, chat, "", files=(two.id,), client_id=client)
    assert isinstance(post_messages(session, [other], now)[0], Conflict)


def test_what_waits_and_what_comes_in_a_day_is_bounded(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    for _ in range(rules.MOST_WAITING):
        file = put_in(session, ANA, chat, now)
    with pytest.raises(Conflict) as caught:
        put_in(session, ANA, chat, now)
    assert caught.value.code == "too_many_files_waiting"
    actions.take_back(session, ANA, chat, file.id, now)
    put_in(session, ANA, chat, now)
    session.execute(text("UPDATE attachment SET message_id = id"))
    for _ in range(rules.MOST_A_DAY - rules.MOST_WAITING - 1):
        session.execute(
            text("UPDATE attachment SET message_id = id WHERE id = :id"),
            {"id": put_in(session, ANA, chat, now).id},
        )
    with pytest.raises(TooMany):
        put_in(session, ANA, chat, now)
    put_in(session, OLGA, open_chat(session, OLGA, now), now)
    put_in(session, ANA, chat, now + timedelta(hours=25))


def test_a_visitors_waiting_picture_goes_with_the_buyer_they_turn_out_to_be(
    session: Session, now: datetime
) -> None:
    chat = open_chat(session, VISITOR, now)
    file = put_in(session, VISITOR, chat, now)
    join_visitor(session, ANA, VISITOR.person_id, now)
    say(session, ANA, chat, "it was me", now, files=(file.id,))
    with pytest.raises(NotFound):
        file_for(session, VISITOR, chat, file.id)


def test_a_name_with_a_telephone_number_does_not_pass_between_buyer_and_seller(
    session: Session, now: datetime
) -> None:
    talk = new_id()
    session.add(
        Conversation(
            id=talk,
            channel="order",
            state="bot",
            language="en",
            buyer_id=ANA.person_id,
            store_ref="store-wei",
            created_at=now,
            updated_at=now,
        )
    )
    session.flush()
    file = put_in(session, WEI, talk, now, name="write to wei@shop.example.png")
    say(session, WEI, talk, "here", now, files=(file.id,))
    assert "wei@shop" not in str(last_message(session, ANA, talk))
    assert file_for(session, ANA, talk, file.id).name == ""
    assert conversation_for(session, ANA, talk).party == "buyer"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("screen shot.png", "screen shot"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ana\\bank.jpeg", "bank"),
        ("evil\u202egnp.exe", "evilgnp"),
        ("a\nb\x00c.png", "abc"),
        ("...", ""),
        (".png", ""),
        ("снимок экрана.webp", "снимок экрана"),
        ("x" * 500, "x" * 79 + "…"),
    ],
)
def test_a_name_is_only_a_name(given: str, shown: str) -> None:
    assert rules.checked_name(given) == shown


# How they go away


def rows(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(text("SELECT count(*) FROM attachment")) or 0)


def fire_all(database: Database, files: Folder, now: datetime) -> None:
    handlers = {
        actions.FILE_UNSENT: actions.remove_unsent,
        actions.FILE_REMOVED: actions.remover(files),
    }
    while fire_next(database, handlers, now):
        pass


@pytest.fixture
def sent_and_unsent(database: Database, now: datetime, tmp_path: Path) -> tuple[FileView, FileView]:
    """Ana's pictures: one in a message, one that she never sent."""
    files = Folder(tmp_path)
    with database.transaction() as session:
        populate(session, now)
        chat = open_chat(session, ANA, now)
        sent, unsent = (put_in(session, ANA, chat, now) for _ in range(2))
        say(session, ANA, chat, "see", now, files=(sent.id,))
    for file in (sent, unsent):
        files.put(file.id, b"pixels")
    return sent, unsent


def test_what_was_never_sent_is_gone_after_a_day_and_what_was_sent_stays(
    database: Database, now: datetime, tmp_path: Path, sent_and_unsent: tuple[FileView, FileView]
) -> None:
    (sent, unsent), files = sent_and_unsent, Folder(tmp_path)
    fire_all(database, files, now + timedelta(hours=23))
    assert files.get(unsent.id) == b"pixels"
    fire_all(database, files, now + timedelta(hours=25))
    assert (files.get(sent.id), files.get(unsent.id)) == (b"pixels", None)
    assert rows(database) == 1


def test_taken_back_is_gone_at_once(
    database: Database, now: datetime, tmp_path: Path, sent_and_unsent: tuple[FileView, FileView]
) -> None:
    (sent, unsent), files = sent_and_unsent, Folder(tmp_path)
    with database.transaction() as session:
        with pytest.raises(NotFound):  # sent is said: nobody takes words back from others
            actions.take_back(session, ANA, sent.conversation_id, sent.id, now)
        with pytest.raises(NotFound):
            actions.take_back(session, MARTA, unsent.conversation_id, unsent.id, now)
        actions.take_back(session, ANA, unsent.conversation_id, unsent.id, now)
        with pytest.raises(NotFound):
            file_for(session, ANA, unsent.conversation_id, unsent.id)
    fire_all(database, files, now)
    assert files.get(unsent.id) is None


def test_erasing_a_person_takes_every_picture_of_theirs(
    database: Database, now: datetime, tmp_path: Path, sent_and_unsent: tuple[FileView, FileView]
) -> None:
    (sent, unsent), files = sent_and_unsent, Folder(tmp_path)
    with database.transaction() as session:
        assert actions.erase_files_of(session, ANA.person_id, now) == 2
        with pytest.raises(NotFound):
            file_for(session, MARTA, sent.conversation_id, sent.id)
    fire_all(database, files, now)
    assert (files.get(sent.id), files.get(unsent.id)) == (None, None)
    assert rows(database) == 0


def test_a_store_that_is_down_holds_no_other_timer_up_and_is_asked_again(
    database: Database, now: datetime, tmp_path: Path, sent_and_unsent: tuple[FileView, FileView]
) -> None:
    _, unsent = sent_and_unsent
    broken = tmp_path / "broken"
    broken.write_text("not a folder")
    fire_all(database, Folder(broken), now + timedelta(hours=25))
    assert rows(database) == 2
    fire_all(database, Folder(tmp_path), now + timedelta(hours=26))
    assert rows(database) == 1
    assert Folder(tmp_path).get(unsent.id) is None
