"""The port to whoever gives money back. Pure types; providers stand beside it.

A refund has one key for life. A provider that gets the same key again pays once and answers the
same. What was not answered is *unknown*: it is asked about before it is told to pay again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

State = Literal["paid", "failed", "unknown", "none"]
"""``none``: the provider has never heard of the key."""


@dataclass(frozen=True, slots=True)
class Refund:
    """Money to be given back, in minor units of ``currency``."""

    key: str
    order_ref: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider says of a key.

    Attributes:
        ref: the provider's own name of the payment.
        detail: for the log.
        repeated: the provider said it twice.
    """

    state: State
    ref: str | None = None
    detail: str | None = None
    repeated: bool = False


class Provider(Protocol):
    """Gives money back; both calls may take long, and what they raise counts as ``unknown``."""

    name: str

    def refund(self, refund: Refund, now: datetime) -> Reply:
        """Pay, once for a key however often it is told."""
        ...

    def status(self, refund: Refund, now: datetime) -> Reply:
        """How the refund of that key stands."""
        ...
