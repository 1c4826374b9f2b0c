"""Senders side by side: each attempt once, none lost, nobody held up by a slow receiver."""

import threading
from datetime import timedelta

from amparo.webhooks.sender import Sender
from tests.storage.receivers import Answer, Received, Receiver, receiver
from tests.webhooks.desk import SETTINGS, Desk, ids


def test_two_senders_that_race_send_each_delivery_once(desk: Desk, there: Receiver) -> None:
    desk.endpoint(there.url)
    for _ in range(12):
        desk.ask()
    desk.follow()
    start = threading.Barrier(2)

    def work() -> None:
        sender = Sender(desk.database, desk.clock, SETTINGS)
        start.wait(10)
        while sender.run_once():
            pass

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    while desk.sender.run_once():
        pass
    rows = desk.deliveries()
    assert sorted(ids(there.received)) == sorted(str(row.id) for row in rows)
    assert len(rows) == 24
    assert {(row.state, row.attempts) for row in rows} == {("delivered", 1)}


def test_a_sender_that_died_is_replaced_after_its_lease(desk: Desk, there: Receiver) -> None:
    desk.endpoint(there.url, "conversation.opened")
    desk.ask()
    desk.follow()
    dying = Sender(desk.database, desk.clock, SETTINGS)
    assert len(dying._take()[0]) == 1  # killed between taking and sending
    assert desk.sender.run_once() == 0
    desk.clock.advance(timedelta(minutes=2))
    assert desk.sender.run_once() == 1
    [row] = desk.deliveries()
    assert (row.state, row.attempts) == ("delivered", 2)


def test_a_sender_that_was_too_slow_does_not_overwrite_the_other(
    desk: Desk, there: Receiver
) -> None:
    """The first attempt ends with 500 after the second has delivered: delivered it stays."""
    desk.endpoint(there.url, "conversation.opened")
    desk.ask()
    desk.follow()
    other = Sender(desk.database, desk.clock, SETTINGS)

    def answer(_: Received) -> Answer:
        if len(there.received) > 1:
            return 200, {}, b""
        desk.clock.advance(timedelta(hours=1))
        assert other.run_once() == 1
        return 500, {}, b""

    there.answer = answer
    desk.sender.run_once()
    [row] = desk.deliveries()
    assert (row.state, row.attempts, row.last_status) == ("delivered", 2, 200)
    assert len(set(ids(there.received))) == 1


def test_a_slow_receiver_does_not_hold_up_the_others(desk: Desk, there: Receiver) -> None:
    release = threading.Event()

    def stuck(_: Received) -> Answer:
        release.wait(20)
        return 200, {}, b""

    with receiver(stuck) as slow:
        desk.endpoint(slow.url, "conversation.opened")
        for _ in range(20):
            desk.ask()
        desk.follow()
        desk.clock.advance(timedelta(seconds=1))
        desk.endpoint(there.url, "conversation.opened")
        desk.ask()
        desk.follow()
        thread = threading.Thread(target=desk.sender.run_once)
        thread.start()
        arrived = threading.Event()
        while not there.received and not arrived.wait(0.02):
            assert thread.is_alive()
        release.set()
        thread.join(30)
    assert len(slow.received) == 4


def test_the_loop_sends_and_stops(desk: Desk, there: Receiver) -> None:
    desk.endpoint(there.url, "conversation.opened")
    desk.ask()
    desk.follow()
    arrived, stop = threading.Event(), threading.Event()

    def answer(_: Received) -> Answer:
        arrived.set()
        return 200, {}, b""

    there.answer = answer
    thread = threading.Thread(target=desk.sender.run, args=(stop,))
    thread.start()
    assert arrived.wait(10)
    stop.set()
    desk.sender.wake.set()
    thread.join(10)
    assert not thread.is_alive()
