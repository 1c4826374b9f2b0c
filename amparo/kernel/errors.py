"""What can go wrong, said once: a stable code, an HTTP status and the values for its text.

The text itself stands in the catalogues under ``problem.<code>`` (title) and
``problem.<code>.detail``; the server renders it in the reader's language (RFC 9457).
"""

from typing import ClassVar


class Problem(Exception):
    """A refusal that a person will read.

    Args:
        code: stable, lower-case name of what went wrong, part of the public interface.
        params: values for the text; they are shown to the user, so never secrets.
    """

    status: ClassVar[int] = 400

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Invalid(Problem):
    """What was sent breaks a rule; nothing was changed."""

    status = 422


class NotSignedIn(Problem):
    """Nobody, or nobody we can believe; the reason stays in the log."""

    status = 401

    def __init__(self, code: str = "not_signed_in", **params: object) -> None:
        super().__init__(code, **params)


class Forbidden(Problem):
    """A known person may not do this at all (never used to hide a thing: see NotFound)."""

    status = 403

    def __init__(self, code: str = "forbidden", **params: object) -> None:
        super().__init__(code, **params)


class NotFound(Problem):
    """Missing, or somebody else's: the two look the same from outside."""

    status = 404

    def __init__(self, code: str = "not_found", **params: object) -> None:
        super().__init__(code, **params)


class Conflict(Problem):
    """Somebody or something else came first."""

    status = 409


class PreconditionFailed(Problem):
    """The thing has been changed since it was read (If-Match, RFC 9110)."""

    status = 412

    def __init__(self, code: str = "changed_meanwhile", **params: object) -> None:
        super().__init__(code, **params)


class TooLarge(Problem):
    """More bytes than the limit."""

    status = 413

    def __init__(self, code: str = "too_large", **params: object) -> None:
        super().__init__(code, **params)


class TooMany(Problem):
    """Too often; ``retry_after`` is in seconds."""

    status = 429

    def __init__(self, code: str = "too_many", *, retry_after: int = 1, **params: object) -> None:
        told = {"seconds": retry_after, "retry_after": retry_after, **spelled(retry_after)}
        super().__init__(code, **told, **params)
        self.retry_after = retry_after


class Unavailable(Problem):
    """A part that we need does not answer; trying again later is right."""

    status = 503

    def __init__(
        self, code: str = "unavailable", *, retry_after: int | None = None, **params: object
    ) -> None:
        told = {} if retry_after is None else {"seconds": retry_after, "retry_after": retry_after}
        super().__init__(code, **told, **params)
        self.retry_after = retry_after


class Busy(Unavailable):
    """More is asked at once than we can do; ``retry_after`` is in seconds."""

    def __init__(self, code: str = "busy", *, retry_after: int = 1, **params: object) -> None:
        super().__init__(code, retry_after=retry_after, **params)


def spelled(seconds: float) -> dict[str, object]:
    """A wait as people say it: ``unit`` (``s``, ``min``, ``h``, ``d``) and ``count``, rounded up.

    For texts: who waits for an hour does not want to read "3,600 seconds".
    """
    for unit, size, upto in (("s", 1, 120), ("min", 60, 120), ("h", 3600, 48)):
        count = max(1, -int(-seconds // size))
        if count < upto:
            return {"unit": unit, "count": count}
    return {"unit": "d", "count": -int(-seconds // 86_400)}
