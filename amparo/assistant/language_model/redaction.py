"""What leaves the house of a question: the words, without what is somebody's own. Pure."""

import re
from dataclasses import dataclass, field

from amparo.guard.rules import check

_CURRENCY = (
    r"(?:[€$£¥₽₴₹]|(?:EUR|USD|BRL|GBP|RUB|UAH|CNY|PLN|R\$|euros?|d[oó]lares|dollars?|reais"
    r"|рубл\w*|руб|грн|元)\b)"
)
_NUMBER = r"\d[\d.,\u00a0 ]*\d|\d"
_OWN = re.compile(
    "|".join(
        (
            r"(?P<link>\bhttps?://\S+|\bwww\.\S+)",
            r"(?P<email>[^\s@<>()]+@[^\s@<>()]+)",
            rf"(?P<amount>(?:{_CURRENCY}\s?(?:{_NUMBER})|(?:{_NUMBER})\s?{_CURRENCY}))",
            r"(?P<name>(?<!\w)@\w[\w.]{2,})",
            r"(?P<phone>\+?\d(?:[\s().-]{0,2}\d){8,})",
            r"(?P<order>[#№]?[A-Za-zА-Яа-я]*[-_/]?\d[\w/-]{2,}[\w])",
        )
    ),
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(r"\[[a-z]+_\d+\]")


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text that may leave, and what was taken out of it."""

    text: str
    kept_out: dict[str, str] = field(default_factory=dict)


def redacted(text: str) -> Redacted:
    """The text with placeholders like ``[order_1]`` for e-mails, links, numbers and amounts.

    Numbers of one or two digits stay: "two parcels of 3" says nothing about anybody.
    """
    kept_out: dict[str, str] = {}
    plain = PLACEHOLDER.sub(" ", text)  # nobody writes ours themselves
    for finding in reversed(check(plain, party_from="buyer", party_to="seller").findings):
        name = _name_for(str(finding.kind), plain[finding.start : finding.end], kept_out)
        plain = plain[: finding.start] + name + plain[finding.end :]
    parts, done = [], 0
    for found in _OWN.finditer(plain):
        if PLACEHOLDER.search(found[0]):
            continue
        parts += [plain[done : found.start()], _name_for(found.lastgroup or "", found[0], kept_out)]
        done = found.end()
    return Redacted("".join([*parts, plain[done:]]), kept_out)


def filled(text: str, kept_out: dict[str, str]) -> str:
    """The text with what its placeholders stand for."""
    return PLACEHOLDER.sub(lambda found: kept_out.get(found[0], found[0]), text)


def _name_for(kind: str, value: str, kept_out: dict[str, str]) -> str:
    for name, known in kept_out.items():
        if known == value:
            return name
    count = sum(name.startswith(f"[{kind}_") for name in kept_out)
    name = f"[{kind}_{count + 1}]"
    kept_out[name] = value
    return name
