"""What a reader can do in a case, as a screen draws it. Pure."""

from collections.abc import Iterable
from typing import Literal

from amparo.cases import showing, texts
from amparo.cases.case import Action, Side
from amparo.cases.fields import action_fields
from amparo.cases.moment import buyer_wish, standing
from amparo.cases.showing import Reader, Stored
from amparo.cases.views import CaseAction
from amparo.kernel.actor import Actor

_DANGER = frozenset({"withdraw", "order_refund", "seller_refund", "hold"})
_PRIMARY = frozenset(
    "accept_request accept_offer accept_proposal submit_evidence confirm return_shipped return_ok "
    "return_received replacement_shipped replacement_ok label undo answer decide fixed uphold "
    "retry release".split()
)
_STANDING: tuple[tuple[str, Side], ...] = (("offer", "seller"), ("proposal", "platform"))


def shown_actions(
    possible: Iterable[Action], stored: Stored, reader: Reader, desk: Actor | None
) -> list[CaseAction]:
    """Actions with their words and forms.

    Args:
        desk: the operator who may take the case and note something, too.
    """
    found = [_action(one, stored, reader) for one in possible]
    return found if desk is None else found + _desk_actions(desk, stored, reader)


def _action(one: Action, stored: Stored, reader: Reader) -> CaseAction:
    told = showing.params(stored, reader.language)
    language, accepts = reader.language, None
    for name, side in _STANDING:
        made = standing(stored.case, side)
        if made is not None:
            told[name] = showing.wish_words(made.wish, stored, language)
            accepts = made.version if one.key == f"accept_{name}" else accepts
    if one.key == "accept_request":
        accepts = buyer_wish(stored.case).version
    kind: Literal["primary", "plain", "danger"]
    kind = "danger" if one.key in _DANGER else "primary" if one.key in _PRIMARY else "plain"
    return CaseAction(
        key=one.key,
        label=texts.known("action", one.key, language),
        help=texts.maybe(f"action_help.{one.key}", language, **told),
        mandatory=one.mandatory,
        due_at=one.due_at,
        kind=kind,
        confirm=texts.maybe(f"confirm.{one.key}", language, **told),
        offer_version=accepts,
        fields=action_fields(one, stored.case, language),
    )


def _desk_actions(actor: Actor, stored: Stored, reader: Reader) -> list[CaseAction]:
    """What is no step of the case: to take it, to give it back, to note something."""
    row, keys = stored.row, ["note"]
    if row.closed_at is None:
        keys.insert(0, "release_case" if row.operator_id == actor.person_id else "take")
    found = []
    for key in keys:
        found.append(
            CaseAction(
                key=key,
                label=texts.said(f"action.{key}", reader.language),
                help=texts.maybe(f"action_help.{key}", reader.language),
                mandatory=False,
                due_at=None,
                kind="plain",
                confirm=None,
                fields=action_fields(Action(key), stored.case, reader.language)
                if key == "note"
                else [],
            )
        )
    return found
