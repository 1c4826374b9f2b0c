"""Wei and Olga write to each other; what the guard sees in it, and that it cuts nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.guard import MASK, Decision, Kind, Verdict, check

OWN = ("mercadia.example", "mercadia.com")


def between_buyer_and_seller(text: str) -> Verdict:
    return check(text, party_from="seller", party_to="buyer", own_domains=OWN)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to wei@shop.example please", "wei@shop.example"),
        ("Wei.Lee+deals@mail.shop.co.uk, ok?", "Wei.Lee+deals@mail.shop.co.uk"),
        ("пиши на почта@пример.рф", "почта@пример.рф"),
        ("ｗｅｉ＠ｓｈｏｐ．ｃｏｍ", "ｗｅｉ＠ｓｈｏｐ．ｃｏｍ"),
        ("we\u200bi@sh\u00adop.com now", "we\u200bi@sh\u00adop.com"),
        ("wei[at]shop[dot]com", "wei[at]shop[dot]com"),
        ("wei (at)shop", None),
        ("see https://evil.com/a?b=c#d.", "https://evil.com/a?b=c#d"),
        ("hxxp://evil.com/x now", "hxxp://evil.com/x"),
        ("cheaper on www.wei-store.shop!", "www.wei-store.shop"),
        ("go t.me/wei2024 ok", "t.me/wei2024"),
        ("Evil.COM", "Evil.COM"),
        ("магазин.рф", "магазин.рф"),
        ("我的邮箱是wei@shop.com请联系我", "wei@shop.com"),
        ("(evil.com)", "evil.com"),
        ("seehttp://evil.com", "seehttp://evil.com"),
        ("https://mercadia.example@evil.com/", "https://mercadia.example@evil.com/"),
        ("https://evil.com@mercadia.example/", "https://evil.com@mercadia.example/"),
        ("mercadia.example.evil.com", "mercadia.example.evil.com"),
        ("notmercadia.com", "notmercadia.com"),
        ("https://mercadia.example/go?to=http://evil.com", "http://evil.com"),
        ("мы на mercadiа.com", "mercadiа.com"),
    ],
)
def test_it_finds_exactly_the_address(text: str, found: str | None) -> None:
    verdict = between_buyer_and_seller(text)
    assert [text[finding.start : finding.end] for finding in verdict.findings] == (
        [found] if found else []
    )
    if found:
        assert verdict.decision is Decision.MASK
        assert verdict.masked_text == text.replace(found, MASK)


@pytest.mark.parametrize(
    "text",
    [
        "The parcel comes on 12.05.2026 at 10.30, 2.5 kg, 19.90 EUR.",
        "Gracias.Me gusta mucho, ok...de nada",
        "т.е. т.к. и т.д. в 10.00",
        "see you @ 5.30, size 42.de",
        "photo.jpg и видео.mov, node.js v1.2.3",
        "order MX-1004 https://mercadia.example/orders/MX-1004",
        "https://MERCADIA.example:8420/x or help@mercadia.example or www.mercadia.com.",
        "a:b://c @ . :// www. http://",
        "",
    ],
)
def test_it_leaves_everything_else(text: str) -> None:
    verdict = between_buyer_and_seller(text)
    assert verdict.findings == ()
    assert (verdict.decision, verdict.masked_text) == (Decision.DELIVER, text)


def test_what_buyers_and_staff_write_to_each_other_is_noted_but_not_masked() -> None:
    text = "my address is olga@mail.example"
    verdict = check(text, party_from="buyer", party_to="staff", own_domains=OWN)
    assert (verdict.decision, verdict.masked_text) == (Decision.DELIVER, text)
    (finding,) = verdict.findings
    assert (finding.kind, finding.rule) == (Kind.EMAIL, "email.address")


def test_each_of_several_findings_names_its_kind_and_rule() -> None:
    verdict = between_buyer_and_seller("wei@a.com or http://b.com or c.com")
    assert [(finding.kind, finding.rule) for finding in verdict.findings] == [
        (Kind.EMAIL, "email.address"),
        (Kind.LINK, "link.scheme"),
        (Kind.LINK, "link.domain"),
    ]
    assert verdict.masked_text == f"{MASK} or {MASK} or {MASK}"


# Pieces that matter to the detectors, so that random texts are full of almost-addresses.
PIECES = st.sampled_from(
    "a b wei olga com co c o m . .. @ @@ : / // :// http https http:// www. t.me [.] (at) [dot] "
    "evil.com mercadia.example help@ .рф пример ％ ⒈ ㏂ ℅ ㍿ ㏠ … ﬁ ℡ ＠ ． 。 - _ + , "
    "( ) 你好 ! ? # ' "
    "1 ١ é e\u0301 \u200b \ufe0f \u00ad •••".split(" ")
) | st.sampled_from([" ", "\n", "\u3000"])
TEXTS = st.lists(PIECES | st.characters(), max_size=30).map("".join)


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_masking_changes_nothing_outside_the_findings(text: str) -> None:
    verdict = between_buyer_and_seller(text)
    done, rest = 0, verdict.masked_text
    for finding in verdict.findings:
        assert done <= finding.start < finding.end <= len(text)
        kept = text[done : finding.start]
        assert rest.startswith(kept + MASK)
        rest = rest[len(kept + MASK) :]
        done = finding.end
    assert rest == text[done:]


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_a_masked_text_has_no_finding_left(text: str) -> None:
    again = between_buyer_and_seller(between_buyer_and_seller(text).masked_text)
    assert again.findings == ()
    assert again.decision is Decision.DELIVER
