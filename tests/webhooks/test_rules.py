"""What is told outside, and how the receiver knows that it is us."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from amparo.kernel.errors import Invalid
from amparo.kernel.ids import new_id
from amparo.marketplace.requests_rules import KINDS, goes_out
from amparo.storage.networks import read_networks
from amparo.storage.signing import signed_headers
from amparo.webhooks import rules

NOW = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), JSON), st.uuids())
def test_the_standard_package_reads_what_we_sign(data: dict[str, Any], id: UUID) -> None:
    secret, body = rules.new_secret(), rules.body_of({"type": "t", "data": data})
    now = datetime.now(UTC)
    headers = signed_headers(secret, str(id), now, body)
    assert Webhook(secret).verify(body, headers) == json.loads(body)
    assert headers["webhook-signature"] == Webhook(secret).sign(str(id), now, body.decode())


@pytest.mark.parametrize("spoilt", ["webhook-id", "webhook-timestamp", "webhook-signature", "body"])
def test_a_changed_message_is_not_believed(spoilt: str) -> None:
    secret, body = rules.new_secret(), b'{"amount":1}'
    headers = signed_headers(secret, str(new_id()), datetime.now(UTC), body)
    if spoilt == "body":
        body = b'{"amount":9}'
    else:
        headers[spoilt] = headers[spoilt][:-1] + ("A" if headers[spoilt][-1] != "A" else "B")
    with pytest.raises((WebhookVerificationError, ValueError)):
        Webhook(secret).verify(body, headers)


def test_the_schedule_outlives_a_receiver_that_is_down_for_three_days() -> None:
    waits = [rules.SCHEDULE.wait_after(n, new_id()) for n in range(1, 10)]
    assert all(wait is not None for wait in waits)
    assert sum((w for w in waits if w), timedelta()) > timedelta(days=3)
    assert rules.SCHEDULE.wait_after(10, new_id()) is None


@given(st.uuids(), st.integers(min_value=1, max_value=9))
def test_jitter_only_lengthens_and_by_a_tenth_at_most(row: UUID, attempt: int) -> None:
    wait = rules.SCHEDULE.wait_after(attempt, row)
    assert wait is not None
    base = rules.SCHEDULE.waits[attempt - 1]
    assert base <= wait <= base * 1.1


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, "delivered"),
        (204, "delivered"),
        (299, "delivered"),
        (301, "again"),
        (308, "again"),
        (400, "again"),
        (404, "again"),
        (410, "dead"),
        (429, "again"),
        (500, "again"),
        (103, "again"),
    ],
)
def test_what_an_answer_means(status: int, result: str) -> None:
    assert rules.outcome_of(status).result == result
    assert rules.outcome_of(status).status == status


@pytest.mark.parametrize("kind", ["note", "draft", "", None, "NOTE", "held"])
def test_only_listed_kinds_of_messages_are_told(kind: str | None) -> None:
    data = {"kind": kind, "message_id": "m", "party": "staff", "language": "en", "body": "secret"}
    assert rules.payload("message_posted", data, {}, NOW) is None


def test_a_message_is_told_without_what_was_written() -> None:
    data = {
        "kind": "text",
        "message_id": "m",
        "party": "buyer",
        "language": "es",
        "body": "My card is lost",
        "author_name": "Ana",
        "extra": {"masked": ["ana@example.com"]},
    }
    told = rules.payload("message_posted", data, {"id": "c"}, NOW)
    assert told == {
        "type": "conversation.message_posted",
        "timestamp": "2026-04-14T12:00:00.000Z",
        "data": {
            "conversation": {"id": "c"},
            "message_id": "m",
            "party": "buyer",
            "kind": "text",
            "language": "es",
        },
    }


def test_what_is_not_declared_is_not_told() -> None:
    for kind in ("conversation_assigned", "staff_signed_in", "session_revoked", "anything"):
        assert rules.payload(kind, {"secret": 1}, {"id": "c"}, NOW) is None


@pytest.mark.parametrize(
    ("url", "kinds", "code"),
    [
        ("ftp://hooks.example/", rules.PUBLIC_KINDS, "webhook_url_invalid"),
        ("https://me:pw@hooks.example/", rules.PUBLIC_KINDS, "webhook_url_invalid"),
        ("https://0x7f.1/", rules.PUBLIC_KINDS, "webhook_url_invalid"),
        ("", rules.PUBLIC_KINDS, "webhook_url_invalid"),
        ("https://10.0.0.1/", rules.PUBLIC_KINDS, "webhook_address_refused"),
        ("http://[::1]:8080/", rules.PUBLIC_KINDS, "webhook_address_refused"),
        ("https://hooks.example/", ["conversation.noted"], "webhook_kind_unknown"),
        ("https://hooks.example/", [], "webhook_kind_unknown"),
    ],
)
def test_an_endpoint_that_cannot_be_used_is_refused(url: str, kinds: list[str], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_endpoint(url, kinds, ())
    assert refusal.value.code == code


def test_a_listed_network_may_be_registered() -> None:
    kinds = ["conversation.opened", "conversation.opened"]
    networks = read_networks(["127.0.0.0/8"])
    assert rules.check_endpoint("http://127.0.0.1:9/x", kinds, networks) == ("conversation.opened",)


ASKED = {
    "request": "r",
    "kind": "change_address",
    "state": "asked",
    "order_ref": "A-1",
    "buyer_ref": "buyer-ana",
    "by": "p",
    "conversation": "c",
    "language": "es",
    "reason_code": None,
}


def test_a_request_about_an_order_is_told_without_what_came_with_it() -> None:
    assert rules.request_payload(ASKED | {"address": "Elm Street 1"}, NOW) == {
        "type": "order.address_change_requested",
        "timestamp": "2026-04-14T12:00:00.000Z",
        "data": {
            "request": {
                "id": "r",
                "kind": "change_address",
                "order_ref": "A-1",
                "buyer_ref": "buyer-ana",
                "language": "es",
                "conversation": "c",
            }
        },
    }


@pytest.mark.parametrize(
    "change",
    [{"kind": "open_dispute"}, {"kind": "track_parcel"}, {"state": "done"}, {"kind": None}],
)
def test_what_the_marketplace_need_not_answer_is_not_told(change: dict[str, Any]) -> None:
    assert rules.request_payload(ASKED | change, NOW) is None


def test_every_kind_that_goes_out_has_a_webhook() -> None:
    assert set(rules.ORDER_REQUESTS) == {kind for kind in KINDS if goes_out(kind)}
    assert set(rules.ORDER_REQUESTS.values()) < set(rules.PUBLIC_KINDS)
