"""What a mail may look like: no header comes in by the back door."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.kernel.errors import Invalid
from amparo.kernel.ids import new_id
from amparo.mail import rules
from amparo.mail.rules import Letter, SenderName

NOW = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
SENDER = SenderName("Mercadia — поддержка", "help@mercadia.example")
OURS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress",
    "content-language", "content-type", "content-transfer-encoding", "mime-version",
}  # fmt: skip


def letter(subject: str = "Hello", text: str = "Text", **more: object) -> Letter:
    id = new_id()
    values: dict[str, object] = {
        "id": id,
        "to": "ana@example.com",
        "subject": subject,
        "text": text,
        "language": "es",
        "message_id": rules.message_id(id, SENDER),
        "written_at": NOW,
    }
    return Letter(**(values | more))  # type: ignore[arg-type]


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)


def test_a_mail_says_who_when_and_that_a_program_wrote_it() -> None:
    one = letter("Su pedido — ¿llegó?", "Hola, Ana.\n\n.Un punto\nПривет 👋\n" + "x" * 3000)
    raw = rules.compose(one, SENDER)
    mail = read(raw)
    assert mail["From"] == "Mercadia — поддержка <help@mercadia.example>"
    assert mail["To"] == "ana@example.com"
    assert mail["Subject"] == "Su pedido — ¿llegó?"
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"] == f"<{one.id}@mercadia.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "es"
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == one.text
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_same_letter_is_the_same_bytes() -> None:
    one = letter(html="<p>Hola</p>")
    assert rules.compose(one, SENDER) == rules.compose(one, SENDER)
    parts = [part.get_content_type() for part in read(rules.compose(one, SENDER)).walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]


@given(st.text(min_size=1, max_size=300), st.text(max_size=500))
def test_no_subject_or_text_brings_a_header_along(subject: str, text: str) -> None:
    try:
        checked = rules.checked_subject(subject)
    except ValueError:
        return
    mail = read(rules.compose(letter(checked, text.encode(errors="replace").decode()), SENDER))
    assert {name.lower() for name in mail} <= OURS
    assert " ".join(str(mail["Subject"]).split()) == " ".join(checked.split())


@pytest.mark.parametrize(
    "end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1c", "\x00\n"]
)
def test_every_line_end_in_a_subject_becomes_a_space(end: str) -> None:
    checked = rules.checked_subject(f"Hello{end}Bcc: everybody@example.com")
    mail = read(rules.compose(letter(checked), SENDER))
    assert mail["Bcc"] is None
    assert "Bcc: everybody@example.com" in mail["Subject"]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028"])
@pytest.mark.parametrize(
    "place", ["{0}ana@example.com", "ana{0}@example.com", "ana@exa{0}mple.com"]
)
def test_no_line_end_in_an_address(end: str, place: str) -> None:
    if place.startswith("{0}"):
        assert rules.checked_address(place.format(end)) == "ana@example.com"
    else:
        with pytest.raises(Invalid):
            rules.checked_address(place.format(end))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ana@example.com", "ana@example.com"),
        (" Ana.B+x@Example.COM ", "Ana.B+x@example.com"),
        ("o'neill@example.com", "o'neill@example.com"),
        ("ana@пример.рф", "ana@xn--e1afmkfd.xn--p1ai"),
        ("ana@localhost", "ana@localhost"),
    ],
)
def test_addresses_that_can_be_used(given: str, kept: str) -> None:
    assert rules.checked_address(given) == kept


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "ana", "ana@", "@example.com", "ana@@example.com", "ana@ex ample.com",
        "a b@example.com", '"a b"@example.com', "ana@example.com, eve@example.com",
        "ana@example.com>", "<ana@example.com>", "Ana <ana@example.com>", ".ana@example.com",
        "ana.@example.com", "a..b@example.com", "ana@-example.com", "ana@example..com",
        "ana@[127.0.0.1]", "ана@example.com", "ana@example.com\x00", "a" * 65 + "@example.com",
        "ana@" + "a." * 130 + "com", "ana(comment)@example.com", "ana@example.com\nBcc: x@y.z",
    ],
)  # fmt: skip
def test_addresses_that_cannot(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.checked_address(text)
    assert refusal.value.code == "email_invalid"


@pytest.mark.parametrize(
    "headers",
    [
        {"Bcc": "<a@b>"},
        {"From": "<a@b>"},
        {"In-Reply-To": "a@b"},
        {"References": "<a@b>\r\nBcc: x@y"},
        {"References": "<a@b>\n"},
        {"In-Reply-To": ""},
    ],
)
def test_only_threading_headers_may_be_given(headers: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        rules.checked_headers(headers)


def test_threading_headers_stand_in_the_mail() -> None:
    headers = rules.checked_headers({"In-Reply-To": "<a@b>", "References": "<a@b> <c@d>"})
    mail = read(rules.compose(letter(headers=headers), SENDER))
    assert (mail["In-Reply-To"], mail["References"]) == ("<a@b>", "<a@b> <c@d>")


def test_the_schedule_lasts_five_days() -> None:
    total = sum(rules.SCHEDULE.waits, timedelta())
    assert timedelta(days=4, hours=20) < total < timedelta(days=5, hours=6)


def test_the_sender_is_read_from_its_setting() -> None:
    assert rules.sender_name("Help <help@mercadia.example>") == SenderName(
        "Help", "help@mercadia.example"
    )
    assert rules.sender_name("no-reply@localhost").domain == "localhost"
    for wrong in ("", "nobody", "Help <nobody>"):
        with pytest.raises(ValueError):
            rules.sender_name(wrong)
