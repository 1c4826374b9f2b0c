"""Who is acting: a required argument of every read and every verb."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Role = Literal["visitor", "buyer", "seller", "operator", "administrator", "system", "integration"]
Party = Literal["buyer", "seller", "staff"]
PARTIES: tuple[Party, ...] = ("buyer", "seller", "staff")


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the program itself) whose identity was proved at the edge.

    Attributes:
        person_id: our id of the person.
        role: what the person is here.
        ref: the marketplace's own id of the person (the ``sub`` of its token), if it has one.
        store_refs: the marketplace's ids of the stores whose people this seller is of.
        languages: the languages an operator answers in.
    """

    person_id: UUID
    role: Role
    ref: str | None = None
    name: str = ""
    language: str = "en"
    store_refs: tuple[str, ...] = ()
    site_key: str | None = None
    session_id: UUID | None = None
    languages: tuple[str, ...] = ()

    @property
    def is_staff(self) -> bool:
        """Operators and administrators, and the program itself."""
        return self.role in ("operator", "administrator", "system")

    @property
    def is_administrator(self) -> bool:
        return self.role == "administrator"

    @property
    def party(self) -> Party:
        """The side on which the actor stands where it takes part."""
        if self.is_staff:
            return "staff"
        return "seller" if self.role == "seller" else "buyer"


SYSTEM = Actor(UUID("00000000-0000-7000-8000-000000000001"), "system", name="Amparo")
ASSISTANT = Actor(UUID("00000000-0000-7000-8000-000000000002"), "system", name="Assistant")
