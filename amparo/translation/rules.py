"""What a translation provider is, and what counts as a translation. Pure."""

from collections.abc import Sequence
from typing import Protocol


class Provider(Protocol):
    """Somebody who translates.

    Attributes:
        name: what the setting ``translation`` calls it.
        available: whether it can translate at all; without one, readers see the original.
    """

    name: str
    available: bool

    def translate(self, batch: Sequence[str], source: str, target: str) -> list[str | None]:
        """One answer per text, in the same order; None where there is no translation."""
        ...


class NoTranslation:
    """The provider ``none``: nothing leaves the server, everybody reads the original."""

    name = "none"
    available = False

    def translate(
        self,
        batch: Sequence[str],
        source: str,  # noqa: ARG002 - the interface names it
        target: str,  # noqa: ARG002
    ) -> list[str | None]:
        """No text is ever translated."""
        return [None] * len(batch)


def accepted(text: str, answer: str | None) -> str | None:
    """The answer, unless it is a failure: empty output for a text that says something."""
    if answer is None or (text.strip() and not answer.strip()):
        return None
    return answer
