"""Makes the calls to the language model, within the time that a buyer waits."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from amparo import __version__
from amparo.assistant.language import language_of
from amparo.assistant.language_model import protocol, rules
from amparo.assistant.language_model.actions import Question, Told, prepare, settled
from amparo.assistant.language_model.rules import Refused, Verdict
from amparo.assistant.models import AssistantModelCall
from amparo.config import Settings
from amparo.kernel.clock import Clock
from amparo.kernel.languages import CONTENT
from amparo.storage import outbox
from amparo.storage.networks import Network
from amparo.storage.outbox import Carrier, Schedule
from amparo.storage.outgoing import OutgoingError, Resolve, post
from amparo.storage.session import Database

_LEAST_S = 0.2


class Sender(outbox.Sender[AssistantModelCall, Question]):
    """The model's sender; ``resolve`` stands in for the system's resolver."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: Settings,
        *,
        resolve: Resolve | None = None,
    ) -> None:
        assert settings.model_url is not None
        self._url, self._timeout_s = settings.model_url, settings.model_timeout_s
        self._key = settings.model_key
        self._allowed: Sequence[Network] = settings.model_allowed_networks
        self._resolve = resolve
        carrier = Carrier(
            table=AssistantModelCall,
            schedule=Schedule(waits=()),  # a buyer does not wait for a second try
            lease=timedelta(seconds=self._timeout_s + 3),
            prepare=prepare,
            send=self._ask,
            settled=settled,
        )
        super().__init__(database, clock, carrier)

    def _ask(self, question: Question, now: datetime) -> Told:
        started = time.monotonic()
        verdict: Verdict = "accepted"
        answer = None
        try:
            left = self._timeout_s - (now - question.asked_at).total_seconds()
            if left < _LEAST_S:  # it waited behind others, or for a process that died
                raise Refused("too_late")
            if not question.articles:
                raise Refused("no_answer")
            sentences = protocol.sentences_in(self._call(question, min(left, self._timeout_s)))
            answer = rules.checked(
                sentences,
                question.articles,
                question.kept_out,
                question.language,
                lambda text: language_of(text, CONTENT, question.language),
            )
        except Refused as refused:
            verdict = refused.verdict
        spent = int((time.monotonic() - started) * 1000)
        error = None if answer else verdict
        return Told(
            "delivered" if answer else "dead",
            error,
            verdict=verdict,
            answer=answer,
            milliseconds=spent,
        )

    def _call(self, question: Question, timeout_s: float) -> bytes:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Accept": "application/json",
            "User-Agent": f"Amparo/{__version__} (assistant)",
        }
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key.get_secret_value()}"
        try:
            answer = post(
                self._url,
                protocol.request_body(
                    question.model, question.text, question.articles, question.language
                ),
                headers,
                allowed_networks=self._allowed,
                timeout_s=timeout_s,
                max_bytes=protocol.MOST_BYTES,
                resolve=self._resolve,
            )
        except OutgoingError as error:
            timed_out = error.reason == "timed_out"
            raise Refused("timed_out" if timed_out else "unreachable") from error
        if answer.status != 200:  # a redirect too: it is not followed
            raise Refused("http_status")
        if answer.truncated:
            raise Refused("too_large")
        return answer.body
