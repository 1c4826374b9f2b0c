"""Pure decisions of the desk: tags, saved views, what may be asked of the inbox."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, Invalid
from amparo.kernel.text import clean

InboxView = Literal[
    "mine",
    "waiting",
    "all",
    "resolved",
    "snoozed",
    "mentions",
    "followed",
    "unassigned",
    "due",
]
Order = Literal["newest", "oldest", "due"]
VIEWS: tuple[str, ...] = get_args(InboxView)
ORDERS: tuple[str, ...] = get_args(Order)

TAG_LENGTH = 40
TAGS_OF_ONE = 20
"""Most tags of one conversation."""
TAGS_KNOWN = 2000
"""Most different tags of an installation: more is a sign that something else is meant."""
FOLLOWED = 1000
"""Most conversations that one operator follows."""
VIEWS_OF_ONE = 50
NAME_LENGTH = 80
_TAG_MARKS = "-_.+&/"
_FILTERS = ("team", "language", "channel", "topic", "tag", "operator")


def tag_name(written: str) -> str:
    """A tag as it is kept: lower case, words joined by hyphens.

    Raises:
        Invalid: ``tag_unreadable``: empty, too long, or of characters that make no word.
    """
    plain = unicodedata.normalize("NFKC", clean(written)).casefold()
    name = "-".join(plain.split()).strip("-")
    readable = all(
        character in _TAG_MARKS or unicodedata.category(character)[0] in "LMN" for character in name
    )
    if not name or len(name) > TAG_LENGTH or not readable:
        raise Invalid("tag_unreadable", limit=TAG_LENGTH)
    return name


def tags_after(now: Iterable[str], add: Iterable[str], remove: Iterable[str]) -> set[str]:
    """The tags of a conversation after a change; what is added and removed stays removed.

    Raises:
        Invalid: ``tag_unreadable``, or ``too_many_tags``.
    """
    gone = {tag_name(one) for one in remove}
    after = (set(now) | {tag_name(one) for one in add}) - gone
    if len(after) > TAGS_OF_ONE:
        raise Invalid("too_many_tags", limit=TAGS_OF_ONE)
    return after


def view_query(given: Mapping[str, Any]) -> dict[str, str]:
    """The parameters of a saved view, as far as the inbox knows them.

    Raises:
        Invalid: ``request_invalid`` with the field that it cannot be asked for.
    """
    known: dict[str, str] = {}
    for name, value in given.items():
        if value in (None, ""):
            continue
        fits = isinstance(value, str) and len(value) <= NAME_LENGTH and value.isprintable()
        if name == "view":
            fits = value in VIEWS
        elif name == "order":
            fits = value in ORDERS
        elif name not in _FILTERS:
            fits = False
        if not fits:
            raise Invalid("request_invalid", fields=[{"field": name[:40], "rule": "value"}])
        known[name] = value
    return known


def view_name(written: str) -> str:
    """The name of a view or macro. Raises Invalid where it is empty or too long."""
    name = " ".join(clean(written).split())
    if not name or len(name) > NAME_LENGTH:
        raise Invalid("name_unreadable", limit=NAME_LENGTH)
    return name


def staff_only(actor: Actor) -> None:
    """Raises Forbidden for anybody but operators and administrators.

    The desk's addresses are no secret, and the answer is the same for every conversation.
    """
    if actor.role not in ("operator", "administrator"):
        raise Forbidden()


def administrator_only(actor: Actor) -> None:
    """Raises Forbidden for anybody but administrators."""
    if not actor.is_administrator:
        raise Forbidden()
