"""The policy: complete, layered, and told what is wrong with it in words that name the place."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from amparo.cases.policy import Policy, load_shipped, read_toml
from amparo.kernel.errors import Invalid

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def changed(path: str, value: Any) -> dict[str, Any]:
    document: dict[str, Any] = copy.deepcopy(dict(load_shipped().document))
    *above, name = path.split(".")
    part = document
    for one in above:
        part = part.setdefault(one, {})
    part[name] = value
    return document


def test_a_reason_and_a_country_override_the_base() -> None:
    document = changed("countries.ES.reasons.not_received.deadlines.seller", "1d")
    document["countries"]["DE"]["deadlines"] = {"seller": "2d"}
    policy = Policy.of(document)
    spans = {
        (country, reason): str(policy.at(country, reason).span("seller"))
        for country in ("", "DE", "ES")
        for reason in ("warranty", "not_received")
    }
    assert spans == {
        ("", "warranty"): "5d",
        ("", "not_received"): "3bd",
        ("DE", "warranty"): "2d",
        ("DE", "not_received"): "3bd",
        ("ES", "warranty"): "5d",
        ("ES", "not_received"): "1d",
    }


def test_an_unknown_currency_has_no_automatic_money() -> None:
    assert load_shipped().at("ES", "warranty").cap("automatic", "XAU") == 0


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("version", "", "version"),
        ("deadlines.seller", "5 days", "5 days"),
        ("deadlines.seller", "0d", "deadlines.seller"),
        ("deadlines.seller", 5, "5"),
        ("deadlines.sellr", "5d", "deadlines.sellr"),
        ("choices.silence", "refuse", "choices.silence"),
        ("choices.over_cap_default", "seller", "choices.over_cap_default"),
        ("limits.counters", -1, "limits.counters"),
        ("limits.counters", True, "limits.counters"),
        ("caps.automatic.EUR", 1.5, "caps.automatic.EUR"),
        ("caps.automatic.euro", 1, "caps.automatic.euro"),
        ("reminders.at", [90, 50], "reminders.at"),
        ("reminders.channels", ["sms"], "reminders.channels"),
        ("calendar.zone", "Madrid", "calendar.zone"),
        ("calendar.country", "FR", "calendar.country"),
        ("calendar.extra", ["soon"], "calendar.extra"),
        ("reasons.theft", {}, "reasons.theft"),
        ("reasons.warranty.deadline", {}, "reasons.warranty.deadline"),
        ("countries.Spain", {}, "countries.Spain"),
        ("countries.ES.deadlines.seller", "x", "x"),
        ("extra", 1, "extra"),
        ("limits", {}, "limits.counters"),
        ("caps", {}, "caps.automatic"),
        ("deadlines", None, "deadlines"),
    ],
)
def test_what_is_wrong_is_named(path: str, value: Any, where: str) -> None:
    with pytest.raises(Invalid) as caught:
        Policy.of(changed(path, value))
    assert caught.value.code == "policy_unreadable"
    assert caught.value.params["where"] == where


def test_a_document_that_is_no_toml_is_told_so() -> None:
    with pytest.raises(Invalid) as caught:
        read_toml("version = ")
    assert caught.value.params["where"] == "document"
