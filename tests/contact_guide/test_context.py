"""Promises (J3): the first suggestions fit the page, the order and what was said before."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.contact_guide import context_rules as rules
from amparo.contact_guide.context_rules import History, Moment, OrderFacts, Told
from amparo.help_centre import shipped
from amparo.kernel import texts
from amparo.kernel.languages import INTERFACE

NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)
BY_KEY = {row["key"] for row in shipped.read().questions}
ARRIVED = OrderFacts("delivered", None, NOON - timedelta(hours=3))
LATE = OrderFacts("dispatched", "late")


def suggested(
    page: str | None = None,
    order: OrderFacts | None = None,
    others: list[OrderFacts] | None = None,
    history: History | None = None,
) -> list[str]:
    return rules.suggested(Moment(NOON, page, order, others or [], history or History()))


@pytest.mark.parametrize(
    ("page", "order", "first"),
    [
        (None, LATE, "orders_late"),
        (None, OrderFacts("unpaid", "unpaid_charged"), "payment_charged_order_unpaid"),
        (None, OrderFacts("unpaid"), "payment_declined"),
        (None, OrderFacts("paid"), "orders_not_shipped"),
        (None, OrderFacts("processing"), "orders_not_shipped"),
        (None, OrderFacts("paid", "listing_removed"), "orders_page_removed"),
        (None, OrderFacts("delivered", "under_warranty"), "returns_warranty_claim"),
        (None, OrderFacts("cancelled", "refund_pending"), "returns_refund_when"),
        (None, OrderFacts("cancelled"), "returns_refund_when"),
        (None, OrderFacts("unavailable"), "returns_paid_unavailable"),
        (None, ARRIVED, "returns_not_as_described"),
        (None, OrderFacts("delivered", None, NOON - timedelta(days=2)), "returns_not_as_described"),
        (None, OrderFacts("dispatched"), "orders_track_parcel"),
        ("/products/7", None, "orders_ask_product"),
        ("/p/teapot", None, "orders_ask_product"),
        ("/checkout", None, "payment_methods"),
        ("/orders", None, "orders_find_my_orders"),
        ("/stores/wei", None, "rules_contact_seller"),
        ("/", None, "orders_track_parcel"),
        (None, None, "orders_track_parcel"),
    ],
)
def test_the_first_suggestion_fits(page: str | None, order: OrderFacts | None, first: str) -> None:
    assert suggested(page, order)[0] == first


def test_delivered_today_is_not_delivered_the_day_before_yesterday() -> None:
    before = OrderFacts("delivered", None, NOON - timedelta(days=2))
    assert "orders_delivered_not_received" in suggested(order=ARRIVED)
    assert "orders_delivered_not_received" not in suggested(order=before)
    assert "returns_parts_missing" in suggested(order=before)


def test_a_late_order_elsewhere_comes_before_the_page() -> None:
    assert suggested("/products/7", None, [LATE])[:2] == ["orders_late", "orders_ask_product"]
    assert "returns_not_as_described" in suggested("/products/7", None, [ARRIVED])


def test_about_one_order_the_others_are_not_spoken_of() -> None:
    charged = OrderFacts("unpaid", "unpaid_charged")
    about = suggested(None, OrderFacts("delivered"), [LATE, charged])
    assert not {"orders_late", "payment_charged_order_unpaid"} & set(about)
    assert "payment_charged_order_unpaid" in suggested(None, None, [LATE, charged])


def test_several_late_orders_bring_up_more_than_one() -> None:
    one, several = suggested(None, None, [LATE]), suggested(None, None, [LATE, LATE])
    assert "orders_tracking_stuck" not in one
    assert several[:3] == ["orders_late", "orders_tracking_stuck", "rules_buyer_protection"]


@pytest.mark.parametrize("helped", [None, True, False])
def test_what_was_answered_lately_is_not_offered_first_again(helped: bool | None) -> None:
    said = History((Told("orders_late", NOON - timedelta(days=1), helped),))
    assert suggested(order=LATE)[0] == "orders_late"
    assert "orders_late" not in suggested(order=LATE, history=said)
    long_ago = History((Told("orders_late", NOON - timedelta(days=8), helped),))
    assert suggested(order=LATE, history=long_ago)[0] == "orders_late"


def test_after_an_answer_that_did_not_help_a_person_comes_first() -> None:
    no = Told("orders_late", NOON - timedelta(hours=2), False)
    assert suggested(order=LATE, history=History((no,)))[0] == "rules_talk_to_person"
    later_yes = Told("orders_tracking_stuck", NOON - timedelta(hours=1), True)
    told = History((no, later_yes))
    assert suggested(order=LATE, history=told)[0] != "rules_talk_to_person"


def test_an_open_conversation_counts_before_the_page() -> None:
    history = History(talking_about="payment")
    assert suggested("/checkout", history=history)[0] == "payment_pending"


moments = st.integers(0, 365 * 24 * 60).map(lambda minutes: NOON - timedelta(minutes=minutes))
facts = st.builds(
    OrderFacts,
    state=st.sampled_from([*rules.STATES, "something_new"]),
    problem=st.sampled_from([None, *rules.PROBLEMS, "something_new"]),
    delivered_at=st.none() | moments,
)
tellings = st.builds(
    Told,
    question=st.sampled_from(sorted(BY_KEY)),
    at=moments,
    helped=st.sampled_from([None, True, False]),
)
histories = st.builds(
    History,
    told=st.lists(tellings, max_size=8).map(tuple),
    talking_about=st.sampled_from([None, *rules.TOPICS, "something_new"]),
)
situations = st.builds(
    Moment,
    now=st.just(NOON),
    page=st.none() | st.text(max_size=50) | st.sampled_from(["/checkout", "/p/1", "/orders/7"]),
    order=st.none() | facts,
    others=st.lists(facts, max_size=4),
    history=histories,
)


@given(situations)
def test_suggestions_are_five_different_real_questions(moment: Moment) -> None:
    keys = rules.suggested(moment, BY_KEY)
    assert len(keys) == len(set(keys)) == 5
    assert set(keys) <= BY_KEY


@given(situations)
def test_nothing_answered_lately_stands_before_something_new(moment: Moment) -> None:
    again = [one.again for one in rules.offered(moment)]
    assert again == sorted(again)


@given(situations)
def test_every_offer_names_a_row_that_holds(moment: Moment) -> None:
    for one in rules.offered(moment):
        assert one.question in one.row.offer
        assert all(rules.CONDITIONS[name](moment) for name in one.row.when)


def test_the_table_names_only_what_exists_and_says_it_in_words() -> None:
    rows = rules.table()
    assert {question for row in rows for question in row.offer} <= BY_KEY
    assert {name for row in rows for name in row.when} == set(rules.CONDITIONS), "unused condition"
    assert {f"page_{name}" for name in rules.page_words()} <= set(rules.CONDITIONS)
    for language in INTERFACE:
        for name in rules.CONDITIONS:
            assert texts.text(language, f"contact_guide.when.{name}")
