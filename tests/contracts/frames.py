"""Who may do what on the live socket: every frame that a client can send, every role.

The columns are those of ``world.ROLES``. A cell is the type of the next frame that answers, with
the code where it is a problem; ``silence`` where nothing answers; ``closed`` with the close code.
"""

from collections.abc import Mapping

from tests.contracts.world import ROLES

FRAMES: dict[tuple[str, str], Mapping[str, str]] = {}
"""(frame, situation) -> what each role is answered: the type of the next frame, with the code of
a problem, or ``closed`` with the code of the close frame."""


def frame(type: str, outcomes: str, case: str = "") -> None:
    """Declare what a frame of the live socket brings each role."""
    told = [part for part in outcomes.split() if part != "|"]
    FRAMES[type, case] = dict(zip(ROLES, told, strict=True))


_NOBODY = "closed:4401 closed:4401"
_MISSING = "problem:not_found"
_NEVER = "problem:forbidden"

frame("auth", f"{_NOBODY} | ready ready ready | ready ready | ready ready | closed:4401")
frame(
    "subscribe",
    f"{_NOBODY} | {_MISSING} caught_up {_MISSING} | {_MISSING} {_MISSING}"
    " | caught_up caught_up | closed:4401",
)
frame(
    "subscribe",
    f"{_NOBODY} | {_MISSING} caught_up {_MISSING} | caught_up {_MISSING}"
    " | caught_up caught_up | closed:4401",
    "order",
)
frame(
    "unsubscribe",
    f"{_NOBODY} | silence silence silence | silence silence | silence silence | closed:4401",
)
frame(
    "post",
    f"{_NOBODY} | {_MISSING} ack {_MISSING} | {_MISSING} {_MISSING} | ack ack | closed:4401",
)
frame(
    "post",
    f"{_NOBODY} | {_MISSING} problem:kind_not_allowed {_MISSING} | {_MISSING} {_MISSING}"
    " | ack ack | closed:4401",
    "note",
)
frame(
    "typing",
    f"{_NOBODY} | {_MISSING} silence {_MISSING} | {_MISSING} {_MISSING}"
    " | silence silence | closed:4401",
)
frame(
    "typing",
    f"{_NOBODY} | {_MISSING} silence {_MISSING} | silence {_MISSING}"
    " | silence silence | closed:4401",
    "order",
)
frame(
    "seen",
    f"{_NOBODY} | {_MISSING} silence {_MISSING} | {_MISSING} {_MISSING}"
    " | silence silence | closed:4401",
)
frame(
    "seen",
    f"{_NOBODY} | {_MISSING} silence {_MISSING} | silence {_MISSING}"
    " | silence silence | closed:4401",
    "order",
)
frame(
    "seen",
    f"{_NOBODY} | {_MISSING} silence {_MISSING} | {_MISSING} {_MISSING}"
    " | silence silence | closed:4401",
    "resolved",
)
frame(
    "look",
    f"{_NOBODY} | {_NEVER} {_NEVER} {_NEVER} | {_NEVER} {_NEVER} | silence silence | closed:4401",
)
frame(
    "watch",
    f"{_NOBODY} | {_NEVER} {_NEVER} {_NEVER} | {_NEVER} {_NEVER} | silence silence | closed:4401",
)
frame("ping", f"{_NOBODY} | pong pong pong | pong pong | pong pong | closed:4401")
