"""Pure decisions about receipts: whose reading counts, and how a mark moves."""

from dataclasses import dataclass
from uuid import UUID

from amparo.conversations.rules import Head
from amparo.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody's client says how far their own stream has come.

    Attributes:
        seq: everything up to this number was delivered there.
        read: and it was before the person's eyes.
    """

    actor: Actor
    conversation_id: UUID
    seq: int
    read: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a party is, by the numbers of its own stream; 0 is nothing yet."""

    delivered: int = 0
    read: int = 0

    def moved(self, seq: int, read: bool) -> "Reach":
        """Never back; what was read was delivered."""
        return Reach(max(self.delivered, seq), max(self.read, seq) if read else self.read)


def counts(actor: Actor, head: Head) -> bool:
    """Whether this person's reading is its party's reading.

    A colleague who only looks must not tell the buyer "read": for the staff it is the operator
    who has the conversation; where nobody has it, whoever answered last.
    """
    if not actor.is_staff:
        return True
    return actor.person_id == (head.operator_id or head.answer_by)
