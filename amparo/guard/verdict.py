"""What the guard answers: a decision on a text and the findings it rests on."""

from dataclasses import dataclass
from enum import StrEnum

MASK = "•••"
"""What a receiver reads in place of a masked finding; no detector takes it for text."""


class Decision(StrEnum):
    """What happens to a message: shown as it is, shown without the findings, or kept back."""

    DELIVER = "deliver"
    MASK = "mask"
    HOLD = "hold"


class Kind(StrEnum):
    """What was found."""

    EMAIL = "email"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Finding:
    """One contact detail in a text.

    Attributes:
        start, end: the span in the original text, in code points, end excluded.
        rule: the stable name of the rule that found it, kept with the decision.
    """

    kind: Kind
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on one message and what it rests on.

    ``masked_text`` is what the receiver may read: the text itself unless the decision is to mask.
    """

    decision: Decision
    findings: tuple[Finding, ...]
    masked_text: str
