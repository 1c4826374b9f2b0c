"""The shapes of the administration's reports."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class TitledOut(BaseModel):
    """A question with its title; a question that was taken away has its key for a title."""

    key: str
    title: str


class AccountOut(BaseModel):
    """How often a question was asked at one step in one language, and what became of it.

    ``question`` is null where the assistant knew none; ``open``: nothing said yet, less than a
    day old.
    """

    question: TitledOut | None
    language: str
    step: str
    asked: int
    open: int
    solved: int
    not_solved: int
    recontacted: int
    abandoned: int


class OutcomesOut(BaseModel):
    """What helped, of everything asked in ``[since, until)``."""

    since: datetime
    until: datetime
    rows: list[AccountOut]
    unanswered: int


class UnansweredOut(BaseModel):
    """A question of the inbox, without personal data.

    ``why``: ``unknown``, ``unsure`` or ``not_helped``; ``answered``: the question whose answer
    did not help; ``instead``: what was asked or chosen afterwards; ``nearest``: best first.
    """

    id: UUID
    text: str
    language: str
    count: int
    first_at: datetime
    last_at: datetime
    state: str
    why: str
    question: TitledOut | None
    answered: TitledOut | None
    instead: TitledOut | None
    nearest: list[TitledOut]


class UnansweredPage(BaseModel):
    """Some questions and where the next ones begin."""

    items: list[UnansweredOut]
    next: str | None


class DecisionIn(BaseModel):
    """The request's own id: sent again, it decides nothing twice."""

    id: UUID


class ExampleIn(DecisionIn):
    """The question that is asked so."""

    question: str = Field(max_length=80)


class NewQuestionIn(DecisionIn):
    """A new question with its answer, in the language of the entry."""

    category: str = Field(max_length=80)
    title: str = Field(max_length=1_000)
    body: str = Field(max_length=50_000)


class ConfusedOut(BaseModel):
    """Two questions taken for one another.

    ``texts``: wordings of ``asked`` for which ``found`` was found (at most five of ``count``);
    ``instead``: how often the answer to one did not help and the other was asked afterwards.
    """

    asked: TitledOut
    found: TitledOut
    count: int
    texts: list[str]
    instead: int


class ConfusedList(BaseModel):
    """Most confused first."""

    pairs: list[ConfusedOut]


class EffectIn(BaseModel):
    """New words, not published; ``id`` is made by the client and names the computation."""

    id: UUID
    title: str = Field(max_length=1_000)
    body: str | None = Field(default=None, max_length=50_000)
    examples: list[str] = Field(default_factory=list, max_length=50)


class VerdictOut(BaseModel):
    """What is said: ``answer`` with its question, ``suggest``, ``unknown`` ..."""

    decision: str
    question: TitledOut | None


class ChangeOut(BaseModel):
    """A stored question that would be answered in another way.

    ``example``: it is a known wording, judged without itself.
    """

    text: str
    language: str
    example: bool
    before: VerdictOut
    after: VerdictOut


class EffectOut(BaseModel):
    """``state``: ``working`` (ask again), ``done`` or ``failed``.

    ``n``: how many of ``compared`` would be answered in another way; ``changed`` has the first
    hundred.
    """

    id: UUID
    state: str
    compared: int | None = None
    n: int | None = None
    changed: list[ChangeOut] = Field(default_factory=list)
