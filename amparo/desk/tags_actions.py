"""Tags, following, mentions, priority."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.conversations.actions import head_for, tell_staff
from amparo.conversations.events import TAGGED
from amparo.conversations.queries import ConversationView, conversation_for
from amparo.desk import once_actions as once
from amparo.desk import rules
from amparo.desk.models import ConversationTag, Follow, Mention, Tag
from amparo.desk.rules import staff_only
from amparo.desk.tags_queries import tags_of
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict
from amparo.routing import priority_actions as routing
from amparo.storage.session import hint


def change_tags(
    session: Session,
    operator: Actor,
    conversation_id: UUID,
    request_id: UUID,
    now: datetime,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
) -> list[str]:
    """Put tags on a conversation and take others off; returns those it has then.

    Raises:
        NotFound: there is no such conversation.
        Invalid: a tag is unreadable, or they are too many.
    """
    staff_only(operator)
    asked = {"tags": str(conversation_id), "add": list(add), "remove": list(remove)}
    before = once.first_answer(session, operator, request_id, asked, now)
    if before is not None:
        return list(before.get("tags", []))
    after = tag(session, operator, conversation_id, now, add=add, remove=remove)
    once.finish(session, operator, request_id, {"tags": after})
    return after


def tag(
    session: Session,
    operator: Actor,
    conversation_id: UUID,
    now: datetime,
    *,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
) -> list[str]:
    """As :func:`change_tags`, for a caller that does things once by itself."""
    head = head_for(session, operator, conversation_id)
    current = set(tags_of(session, [conversation_id]).get(conversation_id, []))
    after = rules.tags_after(current, add, remove)
    if after == current:
        return sorted(after)
    session.execute(
        delete(ConversationTag).where(
            ConversationTag.conversation_id == conversation_id,
            ConversationTag.tag.in_(current - after),
        )
    )
    _put(session, operator, conversation_id, sorted(after - current), now)
    told = {"tags": sorted(after), "by": _name(operator)}
    tell_staff(session, head, TAGGED, told, now)
    return sorted(after)


def _put(
    session: Session, operator: Actor, conversation_id: UUID, tags: Sequence[str], now: datetime
) -> None:
    if not tags:
        return
    place = conversation_for(session, operator, conversation_id).updated_at
    fresh = set(tags) - set(session.scalars(select(Tag.name).where(Tag.name.in_(tags))))
    if fresh:
        known = session.scalar(select(func.count()).select_from(Tag)) or 0
        if known + len(fresh) > rules.TAGS_KNOWN:
            raise Conflict("too_many_tags_known", limit=rules.TAGS_KNOWN)
    know_tags(session, tags, now)
    session.execute(
        insert(ConversationTag)
        .values([{"conversation_id": conversation_id, "tag": one, "at": place} for one in tags])
        .on_conflict_do_nothing()
    )


def know_tags(session: Session, tags: Sequence[str], now: datetime) -> None:
    """Let the tags be offered from now on."""
    rows = [{"name": one, "made_at": now} for one in sorted(tags)]
    session.execute(insert(Tag).values(rows).on_conflict_do_nothing())


def follow(session: Session, operator: Actor, conversation_id: UUID, *, on: bool) -> None:
    """Hear of a conversation from now on, or no more; doing it twice is doing it once.

    Raises:
        NotFound: there is no such conversation.
        Conflict: ``too_many_followed``.
    """
    staff_only(operator)
    view = conversation_for(session, operator, conversation_id)
    mine = Follow.person_id == operator.person_id
    if not on:
        session.execute(delete(Follow).where(mine, Follow.conversation_id == conversation_id))
    else:
        count = session.scalar(select(func.count()).select_from(Follow).where(mine)) or 0
        if count >= rules.FOLLOWED:
            raise Conflict("too_many_followed", limit=rules.FOLLOWED)
        session.execute(
            insert(Follow)
            .values(
                conversation_id=conversation_id, person_id=operator.person_id, at=view.updated_at
            )
            .on_conflict_do_nothing()
        )
    hint(session, "desk")


def see_mentions(session: Session, operator: Actor, conversation_id: UUID, now: datetime) -> None:
    """The operator has read what they were named in. Raises NotFound."""
    staff_only(operator)
    conversation_for(session, operator, conversation_id)
    seen = session.execute(
        update(Mention)
        .where(
            Mention.conversation_id == conversation_id,
            Mention.person_id == operator.person_id,
            Mention.seen_at.is_(None),
        )
        .values(seen_at=now)
        .returning(Mention.person_id)
    ).all()
    if seen:
        hint(session, "desk")


def set_priority(
    session: Session,
    operator: Actor,
    conversation_id: UUID,
    request_id: UUID,
    priority: int,
    now: datetime,
) -> ConversationView:
    """Make a conversation more or less urgent; a smaller number is more urgent.

    Raises:
        NotFound: there is no such conversation.
    """
    staff_only(operator)
    asked = {"priority": priority, "of": str(conversation_id)}
    if once.first_answer(session, operator, request_id, asked, now) is None:
        routing.set_priority(session, operator, conversation_id, priority, now)
    return conversation_for(session, operator, conversation_id)


def _name(operator: Actor) -> dict[str, str]:
    return {"id": str(operator.person_id), "name": operator.name}
