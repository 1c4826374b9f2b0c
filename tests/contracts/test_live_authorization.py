"""Promise S1 on the live socket: every frame, every role, and nothing of Ana's to anybody else."""

import json
from typing import Any, get_args
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from amparo.conversations.queries import conversation_for
from amparo.kernel.ids import new_id
from amparo.server.live import protocol
from tests.contracts.canary import CANARY, NOTE_CANARY
from tests.contracts.frames import FRAMES
from tests.contracts.world import ROLES, World

STAFF = ("marta", "teo")
STATES = ("resolved",)
CELLS = [(type, case, role) for type, case in FRAMES for role in ROLES]


def test_every_frame_is_declared() -> None:
    found = {frame.__struct_config__.tag for frame in get_args(protocol.ClientFrame)}
    assert found == {type for type, _ in FRAMES}


@pytest.mark.parametrize(("type", "case", "role"), CELLS)
def test_each_role_is_answered_as_declared(
    live_client: TestClient, world: World, type: str, case: str, role: str
) -> None:
    about = world.talk() if case == "order" else world.chat(case if case in STATES else "bot")
    heard: list[str] = []
    answer = _converse(live_client, world, role, _frame(type, case, about), heard)
    assert answer == FRAMES[type, case][role], heard
    everything = "".join(heard)
    if role not in STAFF:
        assert NOTE_CANARY not in everything, "a note left the staff"
    if role != "ana" and answer not in ("caught_up", "ack"):
        assert CANARY not in everything
    if answer == "caught_up":
        assert CANARY in everything


def test_no_role_hears_of_a_conversation_that_it_did_not_subscribe_to(
    live_client: TestClient, world: World
) -> None:
    about = world.chat()
    with live_client.websocket_connect("/api/v1/live") as olga:
        _enter(olga, world, "olga")
        olga.send_json(_frame("subscribe", "", about))
        assert olga.receive_json()["code"] == "not_found"
        with live_client.websocket_connect("/api/v1/live") as ana:
            _enter(ana, world, "ana")
            ana.send_json(_frame("post", "", about))
            assert ana.receive_json()["type"] == "ack"
        olga.send_json({"type": "ping"})
        assert olga.receive_json()["type"] == "pong"


@pytest.mark.parametrize("after", [100, 2**63, 10**30])
def test_a_number_that_was_never_given_holds_nothing_up(
    live_client: TestClient, world: World, after: int
) -> None:
    about = world.chat("assigned")  # so that the assistant keeps silent
    with world.database.reading() as session:
        last = conversation_for(session, world["ana"], about).last_seq
    with live_client.websocket_connect("/api/v1/live") as ana:
        _enter(ana, world, "ana")
        ana.send_json({"type": "subscribe", "conversation": str(about), "after": after})
        told = ana.receive_json()
        assert (told["type"], told["seq"]) == ("caught_up", last)
        ana.send_json(_frame("post", "", about))
        heard = [ana.receive_json(), ana.receive_json()]
        assert {one["type"]: one["seq"] for one in heard} == {"ack": last + 1, "event": last + 1}


def _frame(type: str, case: str, about: UUID) -> dict[str, Any]:
    if type in ("subscribe", "unsubscribe"):
        return {"type": type, "conversation": str(about)}
    if type == "typing":
        return {"type": type, "conversation": str(about), "on": True}
    if type == "seen":
        return {"type": type, "conversation": str(about), "seq": 1, "read": True}
    if type == "look":
        return {"type": type, "conversation": str(about), "mode": "viewing"}
    if type == "post":
        said = {"conversation": str(about), "client_id": str(new_id()), "body": "hello again"}
        return {"type": type, "note": case == "note", **said}
    return {"type": type}


def _converse(
    client: TestClient, world: World, role: str, frame: dict[str, Any], heard: list[str]
) -> str:
    """Sign in, send the frame, and say in a word what came back."""
    headers = world.people[role].headers if role in STAFF else {}
    client.cookies.clear()
    try:
        with client.websocket_connect("/api/v1/live", headers=headers) as socket:
            ready = _enter(socket, world, role)
            if frame["type"] == "auth":
                return ready
            socket.send_json(frame)
            socket.send_json({"type": "ping"})
            while True:
                heard.append(socket.receive_text())
                told = json.loads(heard[-1])
                if told["type"] == "problem":
                    return f"problem:{told['code']}"
                if told["type"] == "pong" and frame["type"] not in ("ping", "post", "subscribe"):
                    return "silence"
                if told["type"] in ("caught_up", "ack") or frame["type"] == "ping":
                    return str(told["type"])
    except WebSocketDisconnect as end:
        return f"closed:{end.code}"


def _enter(socket: WebSocketTestSession, world: World, role: str) -> str:
    identity = world.people[role]
    token = None if role in STAFF else identity.token or None
    socket.send_json({"type": "auth", "token": token, "csrf": identity.csrf or None})
    return str(socket.receive_json()["type"])
