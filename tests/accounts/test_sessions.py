"""Promises (access): a token counts once, a session can be ended, refusals do not tell why."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import structlog.testing
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from amparo.accounts import actions, management_actions, queries
from amparo.accounts.actions import Browser, Opened
from amparo.accounts.models import AccessSession, Person, UsedToken
from amparo.accounts.rules import DEMO_PASSWORD, DEMO_SITE
from amparo.kernel.errors import NotFound, NotSignedIn
from amparo.storage.session import Database
from tests.accounts.people import (
    BROWSER,
    PASSWORD,
    SITE,
    claims,
    make_marta,
    make_site,
    signed,
)

DEMO = Browser(timedelta(hours=1), demo=True)


@pytest.fixture(autouse=True)
def _site(request: pytest.FixtureRequest, now: datetime) -> None:
    if "database" in request.fixturenames:
        database: Database = request.getfixturevalue("database")
        with database.transaction() as session:
            make_site(session, now)
    else:
        make_site(request.getfixturevalue("session"), now)


def exchange(session: Session, token: str, now: datetime, site: str = SITE) -> Opened:
    return actions.exchange_token(session, site_key=site, token=token, browser=BROWSER, now=now)


def sign_in(session: Session, email: str, password: str, now: datetime) -> Opened:
    return actions.sign_in_staff(session, email=email, password=password, browser=BROWSER, now=now)


@pytest.fixture
def log() -> Iterator[list[dict[str, object]]]:
    with structlog.testing.capture_logs() as lines:
        yield lines  # type: ignore[misc]


def test_ana_comes_with_a_token_and_is_known_again(session: Session, now: datetime) -> None:
    first = exchange(session, signed(claims(now)), now)
    later = exchange(session, signed(claims(now, name=None, locale="pt-BR", email=None)), now)
    assert first.actor.person_id == later.actor.person_id
    assert (later.actor.name, later.actor.language) == ("Ana", "es"), "unsaid: stays as it was"
    assert first.token != later.token
    found = queries.session_by_token(session, first.token, "panel", now)
    assert found is not None
    assert found.actor == first.actor
    russian = exchange(session, signed(claims(now, locale="ru-RU")), now)
    assert russian.actor.language == "ru"
    assert found.actor.site_key == SITE


def test_a_buyer_and_a_seller_with_one_id_are_two_people(session: Session, now: datetime) -> None:
    buyer = exchange(session, signed(claims(now, sub="7")), now)
    seller = exchange(session, signed(claims(now, sub="7", role="seller", stores=["s"])), now)
    assert buyer.actor.person_id != seller.actor.person_id
    assert (buyer.actor.store_refs, seller.actor.store_refs) == ((), ("s",))


def test_a_seller_who_left_a_store_loses_it(session: Session, now: datetime) -> None:
    for stores in (["a", "b"], ["b"]):
        said = claims(now, sub="seller-wei", role="seller", stores=stores)
        opened = exchange(session, signed(said), now)
        assert opened.actor.store_refs == tuple(stores)


@pytest.mark.parametrize("reason", ["replayed", "unknown_site", "expired", "malformed"])
def test_every_refusal_looks_the_same_and_the_log_knows_why(
    session: Session, now: datetime, log: list[dict[str, object]], reason: str
) -> None:
    token = signed(claims(now))
    site, moment = SITE, now
    if reason == "replayed":
        exchange(session, token, now)
    elif reason == "unknown_site":
        site = "pk_nobody_knows"
    elif reason == "expired":
        moment = now + timedelta(minutes=5)
    else:
        token = "x"
    with pytest.raises(NotSignedIn) as refused:
        exchange(session, token, moment, site)
    assert (refused.value.code, refused.value.params) == ("token_refused", {})
    line = next(one for one in log if one["event"] == "token_refused")
    assert line["reason"] == reason
    assert token == "x" or token not in str(log), "a token is a secret, in the log too"


def test_a_retired_key_is_refused_from_then_on(session: Session, now: datetime) -> None:
    exchange(session, signed(claims(now)), now)
    management_actions.retire_key(session, site_key=SITE, kid="k1", now=now)
    with pytest.raises(NotSignedIn):
        exchange(session, signed(claims(now)), now)


def test_a_key_of_another_site_does_not_count(session: Session, now: datetime) -> None:
    management_actions.create_site(
        session,
        name="Other",
        origins=["https://other.example"],
        languages=["en"],
        key="pk_other_site",
        now=now,
    )
    with pytest.raises(NotSignedIn):
        exchange(session, signed(claims(now, aud="pk_other_site")), now, "pk_other_site")


def test_two_at_once_with_one_token_and_one_wins(database: Database, now: datetime) -> None:
    token = signed(claims(now))

    def attempt(_: int) -> bool:
        try:
            with database.transaction() as session:
                exchange(session, token, now)
        except NotSignedIn:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(attempt, range(6))) == [False] * 5 + [True]


def test_one_new_buyer_in_two_tabs_is_one_person(database: Database, now: datetime) -> None:
    def attempt(_: int) -> str:
        with database.transaction() as session:
            return str(exchange(session, signed(claims(now)), now).actor.person_id)

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(attempt, range(6)))) == 1


def test_used_tokens_are_forgotten_once_they_could_not_be_used(
    session: Session, now: datetime
) -> None:
    exchange(session, signed(claims(now)), now)
    later = now + timedelta(hours=1)
    exchange(session, signed(claims(later)), later)
    assert session.scalar(select(func.count()).select_from(UsedToken)) == 1


def test_a_session_ends_by_time_and_by_signing_out(session: Session, now: datetime) -> None:
    ana = exchange(session, signed(claims(now)), now)
    just_before = now + timedelta(minutes=59)
    assert queries.session_by_token(session, ana.token, "panel", just_before)
    assert queries.session_by_token(session, ana.token, "panel", now + timedelta(hours=1)) is None
    session.info.pop("hints", None)
    actions.sign_out(session, ana.actor, now=now)
    assert queries.session_by_token(session, ana.token, "panel", now) is None
    assert f"session:{ana.actor.session_id}" in session.info["hints"], "open sockets must close"
    with pytest.raises(NotFound):
        queries.session_of(session, ana.actor, now)


def test_only_the_hash_of_a_token_is_stored(session: Session, now: datetime) -> None:
    ana = exchange(session, signed(claims(now)), now)
    row = session.get(AccessSession, ana.actor.session_id)
    assert row is not None
    assert ana.token.encode() not in row.token_hash
    for wrong in ("", "x", ana.token[:-1], ana.token + "A", ana.token.upper(), "\x00" * 47):
        assert queries.session_by_token(session, wrong, "panel", now) is None


def test_a_buyers_bearer_is_no_staff_cookie(session: Session, now: datetime) -> None:
    make_marta(session, now)
    ana = exchange(session, signed(claims(now)), now)
    marta = sign_in(session, "marta@mercadia.example", PASSWORD, now)
    assert queries.session_by_token(session, ana.token, "staff", now) is None
    assert queries.session_by_token(session, marta.token, "panel", now) is None


def test_a_visitor_stays_the_same_visitor_while_the_session_lives(
    session: Session, now: datetime
) -> None:
    def start(previous: str | None, moment: datetime) -> Opened:
        return actions.start_visitor(
            session,
            site_key=SITE,
            language="ru",
            previous=previous,
            browser=BROWSER,
            now=moment,
        )

    first = start(None, now)
    assert (first.actor.role, first.actor.language) == ("visitor", "ru")
    assert start(first.token, now).actor.person_id == first.actor.person_id
    late = start(first.token, now + timedelta(hours=2))
    assert late.actor.person_id != first.actor.person_id
    assert queries.visitor_by_token(session, first.token, now) == first.actor.person_id
    ana = exchange(session, signed(claims(now)), now)
    assert queries.visitor_by_token(session, ana.token, now) is None
    assert start(ana.token, now).actor.person_id != ana.actor.person_id


def test_use_prolongs_a_visitors_session_up_to_a_day_but_not_a_buyers(
    session: Session, now: datetime
) -> None:
    hour = timedelta(hours=1)
    visitor = actions.start_visitor(session, site_key=SITE, language=None, browser=BROWSER, now=now)
    ana = exchange(session, signed(claims(now)), now)
    moment = now
    while (found := queries.session_by_token(session, visitor.token, "panel", moment)) is not None:
        actions.touch(session, found, hour, moment)
        moment += timedelta(minutes=50)
    assert timedelta(hours=24) <= moment - now < timedelta(hours=25)
    mine = queries.session_by_token(session, ana.token, "panel", now + timedelta(minutes=30))
    assert mine is not None
    actions.touch(session, mine, hour, now + timedelta(minutes=30))
    again = queries.session_by_token(session, ana.token, "panel", now + timedelta(minutes=31))
    assert again is not None
    assert again.expires_at == ana.expires_at
    assert again.last_seen_at == now + timedelta(minutes=30)


def test_marta_signs_in_whatever_the_case_of_her_address(session: Session, now: datetime) -> None:
    make_marta(session, now)
    marta = sign_in(session, " MARTA@mercadia.EXAMPLE ", PASSWORD, now)
    assert (marta.actor.role, marta.actor.languages) == ("operator", ("en", "ru", "es"))
    assert marta.csrf


def test_wrong_unknown_and_disabled_answer_alike(
    session: Session, now: datetime, log: list[dict[str, object]]
) -> None:
    make_marta(session, now)
    old = sign_in(session, "marta@mercadia.example", PASSWORD, now)
    management_actions.disable_staff(session, "marta@mercadia.example", now=now)
    assert queries.session_by_token(session, old.token, "staff", now) is None
    answers = set()
    for email, password in [
        ("marta@mercadia.example", PASSWORD),
        ("marta@mercadia.example", "wrong"),
        ("nobody@mercadia.example", PASSWORD),
        ("\x00", "x" * 1024),
    ]:
        with pytest.raises(NotSignedIn) as refused:
            sign_in(session, email, password, now)
        answers.add((refused.value.code, str(refused.value.params)))
    assert answers == {("sign_in_refused", "{}")}
    reasons = [one["reason"] for one in log if one["event"] == "sign_in_refused"]
    assert reasons[:3] == ["disabled", "password", "unknown_email"]


def test_a_new_password_ends_every_session(session: Session, now: datetime) -> None:
    make_marta(session, now)
    old = sign_in(session, "marta@mercadia.example", PASSWORD, now)
    management_actions.set_password(
        session, "marta@mercadia.example", "another long password", now=now
    )
    assert queries.session_by_token(session, old.token, "staff", now) is None
    with pytest.raises(NotSignedIn):
        sign_in(session, "marta@mercadia.example", PASSWORD, now)
    assert sign_in(session, "marta@mercadia.example", "another long password", now)


def test_sessions_are_listed_and_revoked_by_their_owner_only(
    session: Session, now: datetime
) -> None:
    make_marta(session, now)
    here = sign_in(session, "marta@mercadia.example", PASSWORD, now)
    there = sign_in(session, "marta@mercadia.example", PASSWORD, now + timedelta(minutes=1))
    ana = exchange(session, signed(claims(now)), now)
    listed = queries.sessions_for(session, here.actor, now)
    assert [one.session_id for one in listed] == [there.actor.session_id, here.actor.session_id]
    foreign = ana.actor.session_id
    assert foreign is not None
    for target in (foreign, uuid4()):
        with pytest.raises(NotFound):
            actions.revoke_session(session, here.actor, target, now=now)
    assert there.actor.session_id is not None
    actions.revoke_session(session, here.actor, there.actor.session_id, now=now)
    assert queries.session_by_token(session, there.token, "staff", now) is None
    assert queries.session_by_token(session, here.token, "staff", now)


def test_the_demos_key_and_password_do_nothing_outside_the_demo(
    session: Session, now: datetime
) -> None:
    make_site(session, now, DEMO_SITE)
    management_actions.create_staff(
        session,
        email="teo@mercadia.example",
        password=DEMO_PASSWORD,
        name="Teo",
        role="administrator",
        languages=["en"],
        now=now,
    )
    for browser, works in ((BROWSER, False), (DEMO, True)):
        outcomes = []
        try:
            token = signed(claims(now, aud=DEMO_SITE))
            actions.exchange_token(
                session, site_key=DEMO_SITE, token=token, browser=browser, now=now
            )
            outcomes.append(True)
        except NotSignedIn:
            outcomes.append(False)
        try:
            actions.sign_in_staff(
                session,
                email="teo@mercadia.example",
                password=DEMO_PASSWORD,
                browser=browser,
                now=now,
            )
            outcomes.append(True)
        except NotSignedIn:
            outcomes.append(False)
        assert outcomes == [works, works]


def test_people_see_themselves_and_staff_see_everybody(session: Session, now: datetime) -> None:
    make_marta(session, now)
    marta = sign_in(session, "marta@mercadia.example", PASSWORD, now).actor
    ana = exchange(session, signed(claims(now)), now).actor
    olga = exchange(session, signed(claims(now, sub="buyer-olga", name="Olga")), now).actor
    assert queries.person_for(session, ana, ana.person_id).name == "Ana"
    assert queries.person_for(session, marta, ana.person_id).name == "Ana"
    for missing in (olga.person_id, uuid4()):
        with pytest.raises(NotFound):
            queries.person_for(session, ana, missing)
    both = [ana.person_id, olga.person_id]
    assert set(queries.people_for(session, marta, both)) == set(both)
    assert set(queries.people_for(session, ana, both)) == {ana.person_id}
    assert queries.person_by_ref_for(session, marta, "buyer", "buyer-olga").id == olga.person_id
    with pytest.raises(NotFound):
        queries.person_by_ref_for(session, ana, "buyer", "buyer-olga")
    assert session.scalar(select(func.count()).select_from(Person)) == 3
