"""Who is let in, and that whoever is not learns nothing: HTTP and the live socket."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from joserfc.jwk import OKPKey
from websockets.exceptions import InvalidStatus

from amparo.accounts import management_actions
from amparo.kernel.ids import new_id
from tests.accounts.people import ED25519, ISSUER, SITE, claims, pem, signed
from tests.journeys.people import (
    ANAS_ORDER,
    OLGAS_ORDER,
    buyer,
    new_chat,
    request_id,
    staff,
    visitor,
)
from tests.servers import Server

NOT_SIGNED_IN, WRONG_FRAME = 4401, 4400


def test_a_session_that_ends_closes_its_sockets_and_only_its_own(server: Server) -> None:
    phone, laptop = buyer(server, "Ana-on-two"), buyer(server, "Ana-on-two")
    on_phone, on_laptop = phone.live(), laptop.live()
    assert phone.ask("DELETE", "/sessions/me").status_code == 204
    assert on_phone.closed() == NOT_SIGNED_IN
    assert phone.ask("GET", "/conversations").status_code == 401
    new_chat(on_laptop, "Still here")
    on_laptop.close()
    again = phone.socket()
    again.connected()
    again.send({"type": "auth", "token": phone.session["token"]})
    assert again.closed() == NOT_SIGNED_IN


def test_an_operator_who_signs_out_hears_no_more(server: Server) -> None:
    here, there = staff(server), staff(server)
    desk = here.live()
    [own] = [s for s in here.get("/staff/sessions") if s["current"]]
    assert there.ask("DELETE", f"/staff/sessions/{own['id']}").status_code == 204
    assert desk.closed() == NOT_SIGNED_IN
    assert here.ask("GET", "/desk/counts").status_code == 401
    assert there.ask("DELETE", "/staff/sessions/me").status_code == 204


def test_a_socket_that_does_not_say_who_it_is_in_time_is_closed(server: Server) -> None:
    ana, marta = buyer(server, "Ana-at-the-door"), staff(server)
    silent = ana.socket()
    silent.connected()  # five seconds run while the others are turned away
    wrong: list[dict[str, Any]] = [
        {"type": "auth", "token": "guessed"},
        {"type": "auth", "token": None},
        {"type": "auth", "token": marta.headers["Cookie"].split("=", 1)[1]},
        {"type": "auth", "token": ana.session["token"] + "x"},
        {"type": "subscribe", "conversation": str(new_id()), "after": 0},
        {"type": "post", "conversation": str(new_id()), "client_id": request_id(), "body": "hi"},
        {"type": "no such frame"},
    ]
    for frame in wrong:
        socket = ana.socket()
        socket.connected()
        socket.send(frame)
        assert socket.closed() == NOT_SIGNED_IN, frame
    without_csrf = marta.socket()
    without_csrf.connected()
    without_csrf.send({"type": "auth", "token": None, "csrf": "guessed"})
    assert without_csrf.closed() == NOT_SIGNED_IN
    assert silent.closed() == NOT_SIGNED_IN


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:8421", "https://evil.example", "null", "http://localhost:1"]
)
def test_a_page_of_another_origin_opens_no_socket(server: Server, origin: str) -> None:
    """Not even the marketplace's own: the socket belongs to the panel, which is our page."""
    for person in (buyer(server, "Ana-elsewhere"), staff(server)):
        with pytest.raises(InvalidStatus) as refusal:
            person.socket().connected(origin)
        assert refusal.value.response.status_code == 403
    own = staff(server).socket()
    own.connected(server.url)
    own.close()


def test_a_foreign_conversation_looks_like_a_missing_one(server: Server) -> None:
    ana, olga = buyer(server, "Ana-minds"), buyer(server, "Olga-is-curious")
    live = ana.live()
    hers, missing = new_chat(live, "Is my address safe?"), str(new_id())
    looking = olga.live()
    for kind in ("subscribe", "post"):
        answers = []
        for chat in (hers, missing):
            before = len(looking.problems)
            frame = {"type": kind, "conversation": chat}
            extra = {"client_id": request_id(), "body": "let me in"} if kind == "post" else {}
            looking.send(frame | extra)
            looking.until(lambda b=before: len(looking.problems) > b, "refused")  # type: ignore[misc]
            known = {"conversation", "client_id"}
            answers.append({k: v for k, v in looking.problems[-1].items() if k not in known})
        assert answers[0] == answers[1]
        assert (answers[0]["code"], answers[0]["status"]) == ("not_found", 404)
    for path in ("", "/events", "/position"):
        shown = [olga.ask("GET", f"/conversations/{id}{path}") for id in (hers, missing)]
        assert shown[0].status_code == 404
        assert shown[0].json() == shown[1].json()
    for verb in ("person", "defer", "resolve"):
        done = [olga.ask("POST", f"/conversations/{id}/{verb}", json={}) for id in (hers, missing)]
        assert done[0].status_code == 404
        assert done[0].json() == done[1].json()
    opening = {"channel": "chat", "site": SITE, "language": "en"}
    taken = looking.refused(hers, "Now it is mine", open=opening)
    assert taken["code"] == "not_found"
    assert live.bodies(hers)[0] == "Is my address safe?"
    assert "let me in" not in str(ana.stream(hers))
    assert looking.streams.get(hers, []) == []
    live.close()
    looking.close()


def test_an_unknown_order_is_a_foreign_order_is_not_found(server: Server) -> None:
    ana = buyer(server, "Ana")
    assert ana.get(f"/orders/{ANAS_ORDER}")["ref"] == ANAS_ORDER
    refusals = []
    for ref in (OLGAS_ORDER, "no-such-order"):
        refusals.append(ana.ask("GET", f"/orders/{ref}"))
        refusals.append(visitor(server).ask("GET", f"/orders/{ref}"))
    assert {answer.status_code for answer in refusals} == {404}
    assert len({answer.text for answer in refusals}) == 1
    live = ana.live()
    for ref in (OLGAS_ORDER, "no-such-order"):
        chat = str(new_id())
        opening = {"channel": "chat", "site": SITE, "language": "en", "order_ref": ref}
        assert live.refused(chat, "About this order", open=opening)["code"] == "not_found"
        assert ana.ask("GET", f"/conversations/{chat}").status_code == 404
    live.close()


def test_refused_tokens_all_look_the_same_and_the_log_knows_why(server: Server) -> None:
    now = datetime.now(UTC)
    with server.database() as database, database.transaction() as session:
        management_actions.register_key(
            session,
            site_key=SITE,
            kid="last-year",
            issuer=ISSUER,
            algorithm="EdDSA",
            material=pem(ED25519),
            now=now,
        )
        management_actions.retire_key(session, site_key=SITE, kid="last-year", now=now)
    used = signed(claims(now, jti="once"))
    assert _exchanged(server, used).status_code == 201
    tokens = {
        "expired": signed(claims(now - timedelta(hours=1))),
        "audience": signed(claims(now, aud="pk_of_another_site")),
        "issuer": signed(claims(now, iss="https://other.example")),
        "algorithm": _unsigned(claims(now)),
        "signature": signed(claims(now), OKPKey.generate_key("Ed25519")),
        "retired_key": signed(claims(now), kid="last-year"),
        "unknown_key": signed(claims(now), kid="nobody-knows"),
        "missing_kid": signed(claims(now), kid=None),
        "used": used,
        "malformed": "not.a.token",
    }
    before = len(server.entries("token_refused"))
    answers = [_exchanged(server, token) for token in tokens.values()]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["code"] == "token_refused"
    server.wait_for(
        lambda: len(server.entries("token_refused")) - before == len(tokens), "the log knows"
    )
    reasons = [entry["reason"] for entry in server.entries("token_refused")[before:]]
    assert len(set(reasons)) == len(tokens), reasons
    assert not any(token in server.log() for token in tokens.values())


def test_nobody_becomes_staff_by_a_token(server: Server) -> None:
    now = datetime.now(UTC)
    for role in ("operator", "administrator", "system", "integration"):
        answer = _exchanged(server, signed(claims(now, role=role)))
        assert answer.status_code == 401, role


def _exchanged(server: Server, token: str) -> httpx.Response:
    body = {"site": SITE, "token": token}
    return httpx.post(f"{server.url}/api/v1/sessions", json=body, timeout=20, trust_env=False)


def _unsigned(said: dict[str, Any]) -> str:
    parts = ({"alg": "none", "kid": "k1"}, said)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join((*encoded, b"")).decode()
