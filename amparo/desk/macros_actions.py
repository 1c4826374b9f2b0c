"""Macros: a text in some languages, and what is done with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.conversations.queries import ConversationView, conversation_for
from amparo.desk import deeds_actions, deeds_rules, rules
from amparo.desk import once_actions as once
from amparo.desk.deeds_rules import Deed
from amparo.desk.models import Macro
from amparo.desk.rules import administrator_only, staff_only
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Invalid, NotFound
from amparo.kernel.ids import derived_id

_MOST = 500
_KEY_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_-"


def macros_for(session: Session, operator: Actor) -> Sequence[Macro]:
    """The macros that an operator can use: the shared ones and their own, by name."""
    staff_only(operator)
    mine = or_(Macro.shared, Macro.owner_id == operator.person_id)
    return session.scalars(
        select(Macro).where(mine).order_by(Macro.name, Macro.key).limit(_MOST)
    ).all()


def save_macro(
    session: Session,
    administrator: Actor,
    id: UUID,
    now: datetime,
    *,
    key: str,
    name: str,
    texts: Mapping[str, str],
    deeds: Sequence[Deed],
    shared: bool = True,
    new: bool = False,
) -> Macro:
    """Make a macro or change one; the same again changes nothing.

    Raises:
        Forbidden: but for administrators.
        NotFound: there is no macro to change.
        Invalid: something of it cannot be.
        Conflict: ``key_used`` by another macro.
    """
    administrator_only(administrator)
    if not 1 <= len(key) <= 40 or any(letter not in _KEY_LETTERS for letter in key):
        raise Invalid("request_invalid", fields=[{"field": "key", "rule": "value"}])
    found = [deeds_rules.as_kept(deed) for deed in deeds_rules.of_macro(deeds)]
    said = deeds_rules.macro_texts(texts)
    if not found and not said:
        raise Invalid("macro_empty")
    row = session.get(Macro, id)
    if row is None and not new:
        raise NotFound()
    taken = session.scalar(select(Macro.id).where(Macro.key == key, Macro.id != id))
    if taken is not None:
        raise Conflict("key_used", key=key)
    if row is None:
        row = Macro(id=id, owner_id=administrator.person_id)
        session.add(row)
    row.key, row.name, row.texts = key, rules.view_name(name), dict(said)
    row.actions, row.shared, row.saved_at = list(found), shared, now
    session.flush()
    return row


def remove_macro(session: Session, administrator: Actor, id: UUID) -> None:
    """Forget a macro. Raises Forbidden, NotFound."""
    administrator_only(administrator)
    row = session.get(Macro, id)
    if row is None:
        raise NotFound()
    session.delete(row)


def run_macro(
    session: Session,
    operator: Actor,
    conversation_id: UUID,
    request_id: UUID,
    macro_id: UUID,
    now: datetime,
) -> ConversationView:
    """Do what the macro says, all of it or nothing; the same request again does nothing.

    Raises:
        NotFound: no such conversation, or no such macro of this operator.
        Problem: one of its actions cannot be done here and now.
    """
    staff_only(operator)
    asked = {"macro": str(macro_id), "on": str(conversation_id)}
    if once.first_answer(session, operator, request_id, asked, now) is None:
        row = session.get(Macro, macro_id)
        if row is None or not (row.shared or row.owner_id == operator.person_id):
            raise NotFound()
        conversation_for(session, operator, conversation_id)
        deeds = [deeds_rules.from_kept(one) for one in row.actions]
        for number, deed in enumerate(deeds_rules.in_order(deeds)):
            part = derived_id("macro", request_id, number)
            deeds_actions.do(session, operator, conversation_id, deed, part, now)
    return conversation_for(session, operator, conversation_id)


def load_macros(session: Session, macros: Sequence[Mapping[str, object]], now: datetime) -> None:
    """Macros that an installation begins with; where there is any already, nothing is added."""
    if session.scalar(select(Macro.id).limit(1)) is not None:
        return
    rows = [
        {"id": derived_id("macro", one["key"]), "shared": True, "owner_id": None, "saved_at": now}
        | dict(one)
        for one in macros
    ]
    session.execute(insert(Macro).values(rows).on_conflict_do_nothing())
