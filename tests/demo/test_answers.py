"""Mercadia answers what is asked of its orders: for real, and the same when asked twice."""

from pathlib import Path
from typing import Any

import pytest

from amparo.marketplace.items import OrderItem, read_item
from demo.mercadia.answers import Amparo, Answers, decide
from demo.mercadia.book import Book
from demo.mercadia.shop import texts
from demo.orders import HANDED_OVER
from demo.people import LANGUAGES
from tests.demo.conftest import BEGAN


def request(kind: str, order: str, **data: str) -> dict[str, Any]:
    return {"id": "1", "kind": kind, "order": order, "language": "es", "data": data}


@pytest.mark.parametrize(
    ("kind", "ref", "data", "outcome", "reason", "change"),
    [
        ("cancel_order", "M-1009", {}, "done", None, "cancelled"),
        ("cancel_order", "M-1010", {}, "refused", "already_dispatched", "dispatched"),
        ("cancel_order", "M-1003", {}, "refused", "already_dispatched", None),
        ("cancel_order", "M-0000", {}, "refused", "not_found", None),
        ("change_address", "M-1009", {"address": "Calle 1"}, "done", None, None),
        (
            "change_address",
            "M-1009",
            {"address": "Base, ANTARCTICA"},
            "refused",
            "address_not_served",
            None,
        ),
        ("confirm_receipt", "M-1003", {}, "done", None, "delivered"),
        ("upload_payment_proof", "M-1001", {}, "done", None, "paid"),
        ("contact_seller", "M-1003", {"text": "Hola"}, "done", None, None),
    ],
)
def test_what_is_answered(
    kind: str, ref: str, data: dict[str, str], outcome: str, reason: str | None, change: str | None
) -> None:
    answer, done = decide(request(kind, ref, **data), Book(BEGAN).order(ref))
    assert (answer["outcome"], answer.get("reason_code"), done) == (outcome, reason, change)
    if "text" in answer:
        assert answer["text"] in texts("es").values()


@pytest.mark.parametrize("change", ["cancelled", "dispatched", "delivered", "paid"])
def test_a_changed_order_can_be_brought_in(change: Any, tmp_path: Path) -> None:
    book = Book(BEGAN, tmp_path / "orders.json")
    for order in book.orders():
        book.settle(order["ref"], {"outcome": "done"}, order["ref"], change, BEGAN)
    again = Book(BEGAN, tmp_path / "orders.json")
    assert again.orders() == book.orders()
    for order in again.orders():
        read_item(OrderItem, order)
    assert again.answered("M-1009") == {"outcome": "done"}


class Recorded(Amparo):
    """Keeps what the site sends instead of sending it."""

    def __init__(self, asked: dict[str, Any]) -> None:
        super().__init__("http://127.0.0.1:9", "amk")
        self.asked, self.sent = asked, list[tuple[str, Any]]()

    def get(self, path: str) -> Any:
        return self.asked if "?" not in path else {"items": [self.asked]}

    def put(self, path: str, body: Any) -> Any:
        self.sent.append((path, body))


def test_a_request_that_comes_twice_is_answered_the_same() -> None:
    book, amparo = Book(BEGAN), Recorded(request("cancel_order", "M-1009"))
    answers = Answers(book, amparo, lambda: BEGAN)
    hook = {"type": "order.cancel_requested", "data": {"request": {"id": "1"}}}
    answers.hear(hook)
    answers.hear(hook)
    answers.catch_up()
    answers.hear({"type": "conversation.opened", "data": {}})
    settled = [body for path, body in amparo.sent if path == "order-requests/1"]
    assert settled == [{"outcome": "done"}] * 3
    imported = [body["items"][0]["state"] for path, body in amparo.sent if path == "orders"]
    assert imported == ["cancelled"] * 3


def test_an_amparo_that_is_away_is_no_disaster() -> None:
    answers = Answers(Book(BEGAN), Amparo("http://127.0.0.1:9", "amk"), lambda: BEGAN)
    answers.catch_up()
    answers.hear({"type": "order.cancel_requested", "data": {"request": {"id": "1"}}})


def test_words_are_there_in_every_language() -> None:
    assert {"M-1010"} == HANDED_OVER
    for language in LANGUAGES:
        assert texts(language)["answer.handed_over"]
