"""Buyers who are away learn what happened, in their language, once, and nothing they may not."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from amparo.conversations.rules import Verb
from amparo.kernel.actor import Actor
from amparo.kernel.clock import ManualClock
from amparo.kernel.ids import new_id
from amparo.kernel.languages import INTERFACE, PSEUDO
from amparo.kernel.texts import has, text
from amparo.mail.followers import Notices, tell_answer
from amparo.mail.models import OutgoingMail
from amparo.mail.notices import ANSWER_NOTICE, NOTICES
from amparo.routing.presence_actions import connected
from amparo.storage.followers import drain, enrol
from amparo.storage.session import Database
from amparo.storage.timers import fire_next
from tests.webhooks.people import MARTA, Talk, buyer


class Evening:
    """Olga or Ana asks, leaves, and Marta answers."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database, self.clock = database, clock
        enrol(database, [Notices()])

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def begin(
        self, ref: str = "buyer-olga", name: str = "Olga", language: str = "ru",
        email: str | None = "olga@example.com",
    ) -> Talk:  # fmt: skip
        with self.database.transaction() as session:
            who = buyer(session, ref, name, language, email, self.now)
            talk = Talk.begun(session, who, self.now, "Где моя посылка?")
        self.follow()
        return talk

    def turns(self, talk: Talk, *verbs: Verb, reason: str | None = None) -> None:
        with self.database.transaction() as session:
            talk.turns(session, self.now, *verbs, reason=reason)
        self.follow()

    def says(self, talk: Talk, actor: Actor, body: str, kind: str = "text") -> None:
        with self.database.transaction() as session:
            talk.says(session, actor, body, self.now, kind)  # type: ignore[arg-type]
        self.follow()

    def follow(self) -> None:
        drain(self.database, self.clock, [Notices()])

    def wait(self, minutes: int) -> None:
        """Time passes; timers fire, as they do in the server."""
        self.clock.advance(timedelta(minutes=minutes))
        while fire_next(self.database, {ANSWER_NOTICE: tell_answer}, self.now):
            pass

    def mails(self) -> list[OutgoingMail]:
        with self.database.transaction() as session:
            return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.created_at)))

    def notices(self) -> list[str | None]:
        return [mail.notice for mail in self.mails()]


@pytest.fixture
def evening(database: Database, clock: ManualClock) -> Evening:
    return Evening(database, clock)


def test_answer_me_later_is_confirmed_answered_and_settled_by_mail(evening: Evening) -> None:
    talk = evening.begin()
    evening.turns(talk, "ask_person")
    evening.turns(talk, "defer", reason="asked")
    evening.wait(60)
    evening.turns(talk, "assign")
    evening.says(talk, MARTA, "Buyer is a known complainer", "note")
    evening.says(talk, MARTA, "Здравствуйте! Посылка в Казани.")
    evening.says(talk, MARTA, "Будет у вас в пятницу.")
    assert evening.notices() == ["put_off"]
    evening.wait(2)
    assert evening.notices() == ["put_off", "answered"]
    evening.turns(talk, "resolve", reason="by_staff")
    evening.wait(10)
    assert evening.notices() == ["put_off", "answered", "resolved"]

    put_off, answered, resolved = evening.mails()
    assert {mail.to for mail in evening.mails()} == {"olga@example.com"}
    assert {mail.language for mail in evening.mails()} == {"ru"}
    assert {mail.about for mail in evening.mails()} == {talk.id}
    assert "мы ответим вам по почте" in put_off.subject
    assert put_off.text.startswith("Здравствуйте, Olga!")
    assert "> Здравствуйте! Посылка в Казани." in answered.text
    assert "> Будет у вас в пятницу." in answered.text
    assert "Где моя посылка?" not in answered.text
    assert "> Где моя посылка?" in resolved.text
    assert "> Будет у вас в пятницу." in resolved.text
    assert not any("complainer" in mail.text for mail in evening.mails())


def test_a_missed_turn_is_told(evening: Evening) -> None:
    talk = evening.begin()
    evening.turns(talk, "ask_person")
    evening.turns(talk, "defer", reason="absent")
    assert evening.notices() == ["missed_turn"]


def test_each_answer_is_mailed_once(evening: Evening) -> None:
    talk = evening.begin()
    evening.turns(talk, "ask_person", "defer", reason="asked")
    evening.turns(talk, "assign")
    evening.says(talk, MARTA, "First")
    evening.wait(2)
    evening.says(talk, MARTA, "Second")
    evening.wait(2)
    first, second = evening.mails()[1:]
    assert "First" in first.text
    assert "First" not in second.text
    assert "Second" in second.text


def test_who_comes_back_to_the_chat_gets_no_more_mail(evening: Evening) -> None:
    talk = evening.begin()
    evening.turns(talk, "ask_person", "defer", reason="asked")
    evening.turns(talk, "assign")
    evening.says(talk, talk.buyer, "Я здесь")
    with evening.database.transaction() as session:
        connected(session, new_id(), talk.buyer.person_id, "node", evening.now)
    evening.says(talk, MARTA, "Здравствуйте!")
    evening.wait(2)
    evening.turns(talk, "resolve", reason="by_staff")
    assert evening.notices() == ["put_off"]


def test_an_answer_in_the_chat_reaches_a_buyer_who_has_gone(evening: Evening) -> None:
    talk = evening.begin()
    evening.turns(talk, "ask_person", "assign")
    evening.says(talk, MARTA, "Seen long ago")
    evening.wait(2)
    evening.says(talk, talk.buyer, "Спасибо")
    evening.wait(2)
    evening.says(talk, MARTA, "Посылка найдена")
    evening.says(talk, MARTA, "secret thought", "note")
    evening.turns(talk, "resolve", reason="by_staff")
    evening.wait(4)
    [mail] = [mail for mail in evening.mails() if "найдена" in mail.text]
    assert mail.notice == "answered_away"
    assert "Seen long ago" not in mail.text
    assert "secret" not in mail.text


def test_a_buyer_who_reads_along_gets_no_mail(evening: Evening) -> None:
    talk = evening.begin()
    with evening.database.transaction() as session:
        connected(session, new_id(), talk.buyer.person_id, "node", evening.now)
    evening.turns(talk, "ask_person", "assign")
    evening.says(talk, MARTA, "Здравствуйте!")
    evening.wait(10)
    assert evening.mails() == []


def test_a_buyer_who_returns_in_time_gets_no_mail(evening: Evening) -> None:
    talk = evening.begin()
    evening.turns(talk, "ask_person", "assign")
    evening.says(talk, MARTA, "Здравствуйте!")
    evening.clock.advance(timedelta(minutes=3))
    with evening.database.transaction() as session:
        connected(session, new_id(), talk.buyer.person_id, "node", evening.now)
    evening.wait(0)
    assert evening.mails() == []


@pytest.mark.parametrize("email", [None, "olga@", "olga@example.com, eve@example.com"])
def test_without_a_usable_address_nothing_is_sent_and_nothing_stops(
    evening: Evening, email: str | None
) -> None:
    talk = evening.begin("buyer-none", "Nobody", "en", email)
    evening.turns(talk, "ask_person", "defer", reason="asked")
    other = evening.begin()
    evening.turns(other, "ask_person")
    evening.turns(other, "defer", reason="asked")
    assert [mail.about for mail in evening.mails()] == [other.id]


def test_a_buyer_who_closes_the_matter_needs_no_mail_about_it(evening: Evening) -> None:
    talk = evening.begin()
    evening.turns(talk, "ask_person")
    evening.turns(talk, "defer", reason="asked")
    evening.turns(talk, "resolve", reason="by_buyer")
    assert evening.notices() == ["put_off"]


def test_a_language_without_texts_gets_english(evening: Evening) -> None:
    talk = evening.begin("buyer-zhang", "Zhang", "zh", "zhang@example.com")
    evening.turns(talk, "ask_person")
    evening.turns(talk, "defer", reason="asked")
    [mail] = evening.mails()
    assert mail.language == "en"
    assert mail.text.startswith("Hello Zhang,")


def test_every_notice_has_its_texts_in_every_language() -> None:
    for notice in NOTICES:
        for part in ("when", "subject", "text"):
            key = f"mail.notice.{notice.key}.{part}"
            assert has(key)
            shown = {text(language, key, site="Mercadia") for language in (*INTERFACE, PSEUDO)}
            assert len(shown) == 4, key
