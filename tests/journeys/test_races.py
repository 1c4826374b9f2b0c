"""Two at once: exactly one wins, and the other is told."""

from concurrent.futures import ThreadPoolExecutor

from tests.journeys.conftest import NewServer
from tests.journeys.people import MARTA, PAVEL, buyer, new_chat, request_id, staff
from tests.servers import Server


def test_two_operators_race_for_one_conversation(server: Server) -> None:
    ana, marta, pavel = buyer(server, "Ana-is-wanted"), staff(server, MARTA), staff(server, PAVEL)
    live = ana.live()
    with ThreadPoolExecutor(2) as hands:
        for _ in range(5):
            chat = new_chat(live)
            ana.do(f"/conversations/{chat}/person", id=request_id())
            path = f"/desk/conversations/{chat}/take"
            takes = [hands.submit(who.ask, "POST", path) for who in (marta, pavel)]
            answers = [take.result() for take in takes]
            assert sorted(answer.status_code for answer in answers) == [200, 409]
            [won] = [answer.json() for answer in answers if answer.status_code == 200]
            [lost] = [answer.json() for answer in answers if answer.status_code == 409]
            assert lost["code"] == "already_taken"
            assert lost["params"]["operator"] == won["operator"]["name"]
            assigned = [e for e in ana.stream(chat) if e["kind"] == "assigned"]
            assert [e["data"]["operator"]["id"] for e in assigned] == [won["operator"]["id"]]
            ana.do(f"/conversations/{chat}/resolve")
    live.close()


def test_many_hands_take_each_conversation_once_and_in_order(new_server: NewServer) -> None:
    server = new_server()
    waiting = []
    lives = []
    for number in range(6):
        person = buyer(server, f"Buyer{number}", "en")
        lives.append(person.live())
        waiting.append(new_chat(lives[-1]))
        person.do(f"/conversations/{waiting[-1]}/person", id=request_id())
    for live, chat in zip(lives, waiting, strict=True):
        live.until(lambda at=live, id=chat: at.positions[id], "she has a place")  # type: ignore[misc]
    operators = [staff(server, email) for email in (MARTA, PAVEL)]
    with ThreadPoolExecutor(4) as hands:
        takes = [
            hands.submit(operators[n % 2].ask, "POST", "/desk/take-next", json={"id": request_id()})
            for n in range(8)
        ]
        answers = [take.result() for take in takes]
    taken = [answer.json()["id"] for answer in answers if answer.status_code == 200]
    assert sorted(taken) == sorted(waiting), "each once"
    assert [answer.status_code for answer in answers].count(204) == 2
    for live, chat in zip(lives, waiting, strict=True):
        live.until(lambda at=live, id=chat: at.positions[id][-1:] == [None], "it is her turn")  # type: ignore[misc]
        live.close()


def test_one_click_sent_twice_takes_one(new_server: NewServer) -> None:
    server = new_server()
    marta = staff(server)
    lives = []
    for name in ("Ana", "Olga"):
        person = buyer(server, name)
        lives.append(person.live())
        person.do(f"/conversations/{new_chat(lives[-1])}/person", id=request_id())
    click = {"id": request_id()}
    with ThreadPoolExecutor(3) as hands:
        clicks = [hands.submit(marta.ask, "POST", "/desk/take-next", json=click) for _ in range(3)]
        answers = [one.result() for one in clicks]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert marta.get("/desk/counts")["waiting"] == 1
    for live in lives:
        live.close()
