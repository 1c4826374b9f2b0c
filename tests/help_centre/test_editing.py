"""Promises: readers see only what was published, nothing is lost, and what is stale is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.help_centre import actions, editing_actions, editing_queries, queries, shipped
from amparo.help_centre.differences import differences
from amparo.help_centre.editing_actions import Place
from amparo.help_centre.models import QuestionText, TextVersion, Topic
from amparo.help_centre.rules import EditableText, checked_edit, is_stale
from amparo.help_centre.search_queries import search
from amparo.kernel.errors import Invalid, NotFound, PreconditionFailed
from amparo.kernel.languages import CONTENT
from tests.help_centre.conftest import MARTA, TEO

KEY = "orders_late"


def text(session: Session, language: str = "en") -> EditableText:
    return editing_queries.text_for(session, TEO, KEY, language)


def at(session: Session, language: str = "en") -> Place:
    return Place(KEY, language, text(session, language).edition)


def publish(
    session: Session, now: datetime, title: str, language: str = "en", made_from: int | None = None
) -> EditableText:
    place = at(session, language)
    return editing_actions.publish_text(
        session, TEO, place, title=title, body="Ours.", made_from=made_from, now=now
    )


def shipped_with(**titles: str) -> shipped.Shipped:
    """What a next release would ship: other titles in some languages."""
    content = shipped.read()
    texts = [
        replace(one, title=titles[one.language])
        if one.question == KEY and one.language in titles
        else one
        for one in content.texts
    ]
    return replace(content, texts=texts)


def test_a_draft_is_nobodys_until_it_is_published(loaded: Session, now: datetime) -> None:
    before = text(loaded)
    place = at(loaded)
    saved = editing_actions.save_draft(
        loaded, TEO, place, title="Zwischenstand", body="half", now=now
    )
    assert saved.draft is not None
    assert (saved.title, saved.version) == (before.title, before.version)
    assert (saved.draft.title, saved.draft.saved_by) == ("Zwischenstand", TEO.person_id)
    assert queries.answer_for(loaded, KEY, "en", now).title == before.title
    assert search(loaded, "en", "zwischenstand", now) == []
    published = publish(loaded, now, "Zwischenstand")
    assert published.draft is None
    assert search(loaded, "en", "zwischenstand", now)[0].key == KEY


def test_a_draft_can_be_thrown_away(loaded: Session, now: datetime) -> None:
    editing_actions.save_draft(loaded, TEO, at(loaded), title="Half", body="half", now=now)
    after = editing_actions.discard_draft(loaded, TEO, at(loaded), now)
    assert after.draft is None
    assert editing_actions.discard_draft(loaded, TEO, at(loaded), now) == after


def test_of_two_who_draft_the_second_is_told(loaded: Session, now: datetime) -> None:
    place = at(loaded)
    editing_actions.save_draft(loaded, TEO, place, title="One", body="one", now=now)
    verbs: list[Callable[[], object]] = [
        lambda: editing_actions.save_draft(loaded, TEO, place, title="Two", body="two", now=now),
        lambda: editing_actions.publish_text(loaded, TEO, place, title="Two", body="2", now=now),
        lambda: editing_actions.discard_draft(loaded, TEO, place, now),
        lambda: editing_actions.restore_version(loaded, TEO, place, 1, now),
        lambda: editing_actions.mark_reviewed(loaded, TEO, place, True, now),
    ]
    for verb in verbs:
        with pytest.raises(PreconditionFailed):
            verb()


def test_a_draft_and_a_mark_do_not_train_the_assistant_anew(loaded: Session, now: datetime) -> None:
    before = queries.revision(loaded)
    editing_actions.save_draft(loaded, TEO, at(loaded), title="Half", body="half", now=now)
    editing_actions.mark_reviewed(loaded, TEO, at(loaded), False, now)
    assert queries.revision(loaded) == before


def test_an_old_version_comes_back_as_a_new_one(loaded: Session, now: datetime) -> None:
    first = text(loaded)
    publish(loaded, now, "Second")
    back = editing_actions.restore_version(loaded, TEO, at(loaded), 1, now + timedelta(hours=1))
    assert (back.title, back.body, back.version) == (first.title, first.body, 3)
    assert not back.edited, "it says again what was shipped"
    told = [
        (one.version, one.origin, one.restored_from)
        for one in editing_queries.versions_for(loaded, TEO, KEY, "en")
    ]
    assert told == [(3, "restored", 1), (2, "edited", None), (1, "shipped", None)]
    old, title, _ = editing_queries.version_for(loaded, TEO, KEY, "en", 2)
    assert old.title == "Second"
    assert "".join(piece.text for piece in title if piece.kind != "added") == "Second"
    assert "".join(piece.text for piece in title if piece.kind != "removed") == first.title


@pytest.mark.parametrize("version", [0, 2, 2**63, 2**70])
def test_a_version_that_never_was(loaded: Session, now: datetime, version: int) -> None:
    with pytest.raises(NotFound):
        editing_actions.restore_version(loaded, TEO, at(loaded), version, now)
    with pytest.raises(NotFound):
        editing_queries.version_for(loaded, TEO, KEY, "en", version)


def test_every_published_word_is_kept(loaded: Session) -> None:
    rows = loaded.scalars(select(QuestionText)).all()
    kept = {
        (one.question_key, one.language, one.version): (one.title, one.body)
        for one in loaded.scalars(select(TextVersion))
    }
    for row in rows:
        assert kept[row.question_key, row.language, row.version] == (row.title, row.body)


def test_a_text_is_stale_when_its_source_changed_after_it(loaded: Session, now: datetime) -> None:
    assert not text(loaded, "es").stale
    publish(loaded, now, "It is late indeed")
    assert text(loaded, "es").stale
    assert text(loaded, "en").made_from is None
    assert {row.key for row in editing_queries.texts_for(loaded, TEO, "es") if row.stale} == {KEY}
    place = at(loaded, "es")
    right = editing_actions.mark_still_right(loaded, TEO, place, 2, now)
    assert not right.stale


def test_an_edit_may_leave_a_text_stale_or_not(loaded: Session, now: datetime) -> None:
    publish(loaded, now, "It is late indeed")
    assert publish(loaded, now, "Una coma", "es").stale
    assert not publish(loaded, now, "Llega tarde", "es", made_from=2).stale


@pytest.mark.parametrize(("language", "made_from"), [("es", 9), ("en", 7)])
def test_a_source_that_never_was(
    loaded: Session, now: datetime, language: str, made_from: int
) -> None:
    with pytest.raises(Invalid) as refused:
        editing_actions.mark_still_right(loaded, TEO, at(loaded, language), made_from, now)
    assert refused.value.code == "source_version_unknown"


def test_what_is_shipped_together_is_not_stale(loaded: Session, now: datetime) -> None:
    actions.load_shipped_content(loaded, now, shipped_with(en="Late", es="Tarde"))
    assert (text(loaded).version, text(loaded, "es").made_from) == (2, 2)
    assert not any(text(loaded, language).stale for language in CONTENT)


def test_ours_is_older_than_an_edited_source(loaded: Session, now: datetime) -> None:
    publish(loaded, now, "Our own words")
    actions.load_shipped_content(loaded, now, shipped_with(en="Late", es="Tarde"))
    assert text(loaded).title == "Our own words"
    assert (text(loaded, "es").title, text(loaded, "es").stale) == ("Tarde", True)


def test_an_edited_text_is_stale_after_an_upgrade_of_its_source(
    loaded: Session, now: datetime
) -> None:
    publish(loaded, now, "Nuestras palabras", "es", made_from=1)
    actions.load_shipped_content(loaded, now, shipped_with(en="Late"))
    assert text(loaded, "es").stale
    assert not text(loaded, "ru").stale, "shipped beside the new source, and read with it"


@pytest.mark.parametrize(
    ("made_from", "source", "stale"),
    [(1, 1, False), (1, 2, True), (2, 1, False), (None, 3, False), (1, None, False)],
)
def test_when_a_text_is_stale(made_from: int | None, source: int | None, stale: bool) -> None:
    assert is_stale(made_from, source) is stale


def test_who_has_read_a_text(loaded: Session, now: datetime) -> None:
    read = {language: text(loaded, language).reviewed for language in CONTENT}
    assert read == {language: language in ("en", "es", "ru") for language in CONTENT}
    editing_actions.mark_reviewed(loaded, TEO, at(loaded, "uk"), True, now)
    assert text(loaded, "uk").reviewed
    actions.load_shipped_content(loaded, now, shipped_with(uk="Інакше"))
    assert not text(loaded, "uk").reviewed, "other words, that nobody has read"


def test_a_text_that_nobody_wrote_yet_can_be_written(loaded: Session, now: datetime) -> None:
    loaded.execute(
        TextVersion.__table__.delete().where(TextVersion.language == "zh")  # type: ignore[attr-defined]
    )
    loaded.execute(QuestionText.__table__.delete().where(QuestionText.language == "zh"))  # type: ignore[attr-defined]
    assert len(editing_queries.texts_for(loaded, TEO, "zh")) == 72
    assert (text(loaded, "zh").version, text(loaded, "zh").source_version) == (0, 1)
    with pytest.raises(Invalid):
        editing_actions.save_draft(loaded, TEO, at(loaded, "zh"), title="包裹", body="…", now=now)
    written = publish(loaded, now, "包裹晚到", "zh")
    assert (written.version, written.made_from, written.stale) == (1, 1, False)
    assert search(loaded, "zh", "包裹", now)[0].key == KEY
    place = Place(KEY, "zh", 0)
    with pytest.raises(PreconditionFailed):
        editing_actions.publish_text(loaded, TEO, place, title="二", body="二", now=now)
    with pytest.raises(NotFound):
        editing_queries.text_for(loaded, TEO, "no_such_question", "zh")


def test_for_others_there_are_no_drafts_and_no_versions(loaded: Session, now: datetime) -> None:
    place = at(loaded)
    verbs: list[Callable[[], object]] = [
        lambda: editing_actions.save_draft(loaded, MARTA, place, title="T", body="t", now=now),
        lambda: editing_actions.discard_draft(loaded, MARTA, place, now),
        lambda: editing_actions.restore_version(loaded, MARTA, place, 1, now),
        lambda: editing_actions.mark_still_right(loaded, MARTA, place, 1, now),
        lambda: editing_actions.mark_reviewed(loaded, MARTA, place, True, now),
        lambda: editing_queries.versions_for(loaded, MARTA, KEY, "en"),
        lambda: editing_queries.version_for(loaded, MARTA, KEY, "en", 1),
    ]
    for verb in verbs:
        with pytest.raises(NotFound):
            verb()


def test_a_tree_that_was_edited_stays_at_an_upgrade(loaded: Session, now: datetime) -> None:
    content = shipped.read()
    topic = loaded.get(Topic, "returns")
    assert topic is not None
    topic.titles = topic.titles | {"en": "Sending things back"}
    loaded.flush()
    renamed = [
        one | {"titles": one["titles"] | {"en": f"New {one['key']}"}} for one in content.topics
    ]
    actions.load_shipped_content(loaded, now, replace(content, topics=renamed))
    titles = {node.key: node.title for node in queries.tree(loaded, "en")}
    assert titles["returns"] == "Sending things back"
    assert titles["orders"] == "New orders"


@pytest.mark.parametrize(
    "body",
    ["[video](https://evil.example/x)", "[video](javascript:alert(1))", "a\n[video](http://x/y)"],
)
def test_a_video_of_a_stranger_is_refused(body: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_edit("T", body, {}, ("player.vimeo.com",))
    assert refused.value.code == "video_not_allowed"


@given(st.text(max_size=120), st.text(max_size=120))
def test_differences_hold_both_texts(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
    assert all(a.kind != b.kind for a, b in pairwise(pieces))


def test_differences_are_words() -> None:
    pieces = [(one.kind, one.text) for one in differences("Wait 3 days.\nOk", "Wait 5 days.\nOk")]
    assert pieces == [
        ("same", "Wait "),
        ("removed", "3 "),
        ("added", "5 "),
        ("same", "days.\nOk"),
    ]
