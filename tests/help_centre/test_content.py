"""Promises: the content is whole, loads once and quickly, and never overwrites an edit."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from amparo.help_centre import actions, editing_queries, placeholders, queries, shipped
from amparo.help_centre.editing_actions import Place, publish_text
from amparo.help_centre.pages import POPULAR
from amparo.help_centre.rules import KEY
from amparo.help_centre.search_queries import search
from amparo.kernel.errors import Invalid, NotFound, PreconditionFailed
from amparo.kernel.languages import CONTENT, INTERFACE
from amparo.kernel.texts import catalogue
from tests.help_centre.conftest import MARTA, TEO

KEY_OF = "orders_late"


def edit(session: Session, now: datetime, title: str, edition: int = 1) -> None:
    at = Place(KEY_OF, "en", edition)
    publish_text(session, TEO, at, title=title, body="Ours.", now=now)


def upgraded(title: str) -> shipped.Shipped:
    """What a next release would ship: one question said better, in English."""
    content = shipped.read()
    texts = [
        replace(text, title=title) if (text.question, text.language) == (KEY_OF, "en") else text
        for text in content.texts
    ]
    return replace(content, texts=texts)


def test_the_files_hold_together() -> None:
    content = shipped.read()
    assert (len(content.topics), len(content.questions)) == (6, 72)
    assert len(content.texts) == 72 * len(CONTENT)
    assert {text.language for text in content.texts if text.body} == set(CONTENT)
    for language in INTERFACE:
        assert sum(1 for t in content.texts if t.language == language and t.body) == 72
    for text in content.texts:
        assert KEY.fullmatch(text.question)
        assert placeholders.names_in(text.body or "") <= set(content.placeholders)
    assert {question["key"] for question in content.questions} >= set(POPULAR)


def test_e_mail_is_a_way_only_where_money_is_the_matter() -> None:
    content = shipped.read()
    english = {text.question: text.title for text in content.texts if text.language == "en"}
    for question in content.questions:
        if "email" in question["channels"]:
            assert question["mailbox"]
            money = re.search("payment|paid|refund|charged", english[question["key"]].lower())
            assert money or question["key"].startswith("payment_"), question["key"]


def test_the_answer_about_a_telephone_number_exists_in_every_language() -> None:
    texts = {t.language: t for t in shipped.read().texts if t.question == "rules_phone_number"}
    assert set(texts) == set(CONTENT)
    for text in texts.values():
        assert text.body
        assert text.body.count("\n") == 6
        assert placeholders.names_in(text.body) == {"store_name", "chat_hours"}


def test_the_words_of_the_pages_exist_in_every_content_language() -> None:
    wanted = {
        key.removeprefix("help_centre.")
        for key in catalogue("en")
        if key.startswith(("help_centre.page.", "help_centre.hours."))
    }
    for language in set(CONTENT) - set(INTERFACE):
        words = shipped.page_words()[language]
        assert set(words) == wanted, language
        for key in wanted:
            names = placeholders.PATTERN.findall(catalogue("en")[f"help_centre.{key}"])
            assert set(placeholders.PATTERN.findall(words[key])) == set(names), (language, key)


def test_loading_again_changes_nothing(loaded: Session, now: datetime) -> None:
    before = queries.revision(loaded)
    assert actions.load_shipped_content(loaded, now) == 0
    assert queries.revision(loaded) == before


def test_an_upgrade_brings_new_words_where_nobody_edited(loaded: Session, now: datetime) -> None:
    assert actions.load_shipped_content(loaded, now, upgraded("It is late")) == 1
    assert queries.titles(loaded, "en")[KEY_OF] == "It is late"
    assert editing_queries.text_for(loaded, TEO, KEY_OF, "en").version == 2


def test_an_upgrade_never_overwrites_an_edit(loaded: Session, now: datetime) -> None:
    edit(loaded, now, "Our own words")
    assert actions.load_shipped_content(loaded, now, upgraded("It is late")) == 0
    assert actions.load_shipped_content(loaded, now, upgraded("It is very late")) == 0
    text = editing_queries.text_for(loaded, TEO, KEY_OF, "en")
    assert (text.title, text.body, text.edited) == ("Our own words", "Ours.", True)


def test_a_value_that_was_set_stays_at_an_upgrade(loaded: Session, now: datetime) -> None:
    actions.set_placeholders(loaded, TEO, {"store_name": "Bazaar", "appeal_time": "21 days"}, now)
    actions.load_shipped_content(loaded, now, shipped.read())
    values = queries.placeholder_values(loaded, "ru", now)
    assert (values["store_name"], values["appeal_time"]) == ("Bazaar", "21 день")


def test_an_edit_is_seen_at_once_and_remembers_who(loaded: Session, now: datetime) -> None:
    later = now + timedelta(hours=1)
    assert "edited" not in queries.titles(loaded, "en")[KEY_OF]
    edit(loaded, later, "edited words")
    assert queries.answer_for(loaded, KEY_OF, "en", later).title == "edited words"
    assert queries.answer_for(loaded, KEY_OF, "en", later).updated_at == later
    assert search(loaded, "en", "edited words", later)[0].key == KEY_OF


@pytest.mark.parametrize(
    ("title", "body", "code"),
    [
        ("", "text", "text_without_title"),
        ("   \u0000", "text", "text_without_title"),
        ("a" * 121, "text", "text_too_long"),
        ("Title", "b" * 6_001, "text_too_long"),
        ("Title", "see {unknown_thing}", "placeholder_unknown"),
    ],
)
def test_an_edit_that_breaks_a_rule_changes_nothing(
    loaded: Session, now: datetime, title: str, body: str, code: str
) -> None:
    before = editing_queries.text_for(loaded, TEO, KEY_OF, "en")
    with pytest.raises(Invalid) as refused:
        publish_text(loaded, TEO, Place(KEY_OF, "en", 1), title=title, body=body, now=now)
    assert refused.value.code == code
    assert editing_queries.text_for(loaded, TEO, KEY_OF, "en") == before


def test_the_second_of_two_editors_is_told(loaded: Session, now: datetime) -> None:
    edit(loaded, now, "First")
    with pytest.raises(PreconditionFailed):
        edit(loaded, now, "Second", edition=1)
    edit(loaded, now, "Second", edition=2)


def test_for_all_but_administrators_there_is_nothing_to_edit(
    loaded: Session, now: datetime
) -> None:
    with pytest.raises(NotFound):
        editing_queries.text_for(loaded, MARTA, KEY_OF, "en")
    with pytest.raises(NotFound):
        editing_queries.texts_for(loaded, MARTA, "en")
    with pytest.raises(NotFound):
        publish_text(loaded, MARTA, Place(KEY_OF, "en", 1), title="T", body=None, now=now)
    with pytest.raises(NotFound):
        actions.set_placeholders(loaded, MARTA, {"store_name": "X"}, now)


def test_a_missing_answer_is_given_in_english_and_marked(loaded: Session, now: datetime) -> None:
    before = queries.answer_for(loaded, KEY_OF, "pt", now)
    assert (before.title_language, before.language) == ("pt", "pt")
    publish_text(loaded, TEO, Place(KEY_OF, "pt", 1), title="Prazo", body=None, now=now)
    answer = queries.answer_for(loaded, KEY_OF, "pt", now)
    assert (answer.title_language, answer.language) == ("pt", "en")
    assert set(answer.languages) == set(before.languages) - {"pt"}


@pytest.mark.parametrize("key", ["nothing_here", "ORDERS_LATE", "a\x00b", "' or 1=1 --", ""])
def test_an_unknown_question_is_not_found(loaded: Session, now: datetime, key: str) -> None:
    with pytest.raises(NotFound):
        queries.answer_for(loaded, key, "en", now)


def test_no_placeholder_is_left_in_any_answer(loaded: Session, now: datetime) -> None:
    for key in queries.questions(loaded):
        for language in ("en", "es", "ru"):
            assert not placeholders.names_in(queries.answer_for(loaded, key, language, now).body)
