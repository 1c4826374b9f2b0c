"""Whether a help contact was solved: pure decisions over what is known of it, the time given.

A *contact* is one time that somebody asked: an answer shown in the guide, a question to the
assistant, a help page that was judged, a conversation with a person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Step = Literal["guide", "assistant", "help_page", "operator"]
STEPS: tuple[Step, ...] = ("guide", "assistant", "help_page", "operator")
Decision = Literal["answer", "unsure", "unknown", "talk"]
Outcome = Literal["open", "solved", "not_solved", "recontacted", "abandoned", "continued"]
COUNTED: tuple[Outcome, ...] = ("open", "solved", "not_solved", "recontacted", "abandoned")
"""``continued`` is not a contact of its own: a greeting, or a suggestion that was taken up."""

RECONTACT_WITHIN = timedelta(hours=72)
"""Who asks about the same question or order again within this time was not helped (J1)."""
ABANDONED_AFTER = timedelta(hours=24)
"""After an answer of ours of which nothing was said."""
SITTING = timedelta(minutes=30)
"""Another question within this time belongs to the same visit: it says nothing of the first."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of a contact.

    Attributes:
        asked_at: when it began.
        decision: what the assistant made of the question; None for the other steps.
        answered_at: when our answer was there.
        said: the last word on whether it helped, and ``said_at`` when that was said. A
            conversation that was settled has said yes.
        person_at: when a person was asked for instead.
        again_at: when the same question or order came up again.
        left_at: when somebody went away before they were answered.
        chosen_at: when one of our suggestions was taken up; that is a contact of its own.
    """

    step: Step
    asked_at: datetime
    question: str | None = None
    order_ref: str | None = None
    conversation: object = None
    decision: Decision | None = None
    answered_at: datetime | None = None
    said: bool | None = None
    said_at: datetime | None = None
    person_at: datetime | None = None
    again_at: datetime | None = None
    left_at: datetime | None = None
    chosen_at: datetime | None = None

    @property
    def since(self) -> datetime:
        """When we were last of use to them: the 72 and the 24 hours begin here."""
        return self.said_at or self.answered_at or self.asked_at


def outcome(contact: Contact, now: datetime) -> Outcome:
    """What has become of a contact at ``now``."""
    if contact.decision == "talk" or contact.chosen_at is not None:
        return "continued"
    asked_person = contact.person_at is not None
    if contact.said is False:
        return "not_solved"
    if contact.said and not _after(contact.person_at, contact.said_at):
        return "recontacted" if came_again(contact) else "solved"
    if asked_person:
        return "recontacted" if contact.said else "not_solved"
    if came_again(contact):
        return "recontacted"
    if contact.decision == "unknown":
        return "not_solved"
    if contact.left_at is not None:
        return "abandoned"
    waits_for_us = contact.step == "operator" or contact.answered_at is None
    if not waits_for_us and now - contact.since >= ABANDONED_AFTER:
        return "abandoned"
    return "open"


def is_final(contact: Contact, now: datetime) -> bool:
    """Nothing that is still to come can make it a re-contact."""
    ended = contact.said_at or contact.answered_at
    return ended is not None and now - ended > RECONTACT_WITHIN


def came_again(contact: Contact) -> bool:
    """Whether the matter came up again soon enough to count as not helped."""
    again = contact.again_at
    return again is not None and timedelta() <= again - contact.since <= RECONTACT_WITHIN


def is_same_matter(earlier: Contact, later: Contact) -> bool:
    """Whether ``later`` is about what ``earlier`` was about.

    The same question is; so is the same order, except in the same sitting, where somebody may
    simply have two questions; so is a conversation taken up again after a person had answered.
    """
    if earlier.asked_at >= later.asked_at or later.decision == "talk":
        return False
    if earlier.question is not None and earlier.question == later.question:
        return True
    again_there = earlier.conversation is not None and earlier.conversation == later.conversation
    if again_there and earlier.step == later.step == "operator":
        return True
    same_order = earlier.order_ref is not None and earlier.order_ref == later.order_ref
    return same_order and later.asked_at - earlier.since > SITTING


def decision_of(extra: dict[str, object]) -> Decision:
    """What the assistant made of a question, from what its answer carries."""
    if extra.get("question"):
        return "answer"
    if extra.get("suggestions"):
        return "unsure"
    return "unknown" if extra.get("actions") else "talk"


def is_unanswered(contact: Contact) -> bool:
    """Whether an editor should look at the question: unknown, unsure, or no help."""
    if contact.decision in ("unknown", "unsure"):
        return True
    return contact.decision == "answer" and (
        contact.said is False or (contact.person_at is not None and contact.said is None)
    )


def why_unanswered(contact: Contact) -> Literal["unknown", "unsure", "not_helped"]:
    """The reason for which a question stands in the inbox."""
    if contact.decision == "unknown":
        return "unknown"
    return "unsure" if contact.decision == "unsure" else "not_helped"


def _after(moment: datetime | None, other: datetime | None) -> bool:
    return moment is not None and (other is None or moment > other)
