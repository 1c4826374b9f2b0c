"""Choosing a provider and translating with it."""

from collections.abc import Callable, Mapping, Sequence

from amparo.translation.rules import NoTranslation, Provider, accepted

PROVIDERS: Mapping[str, Callable[[], Provider]] = {NoTranslation.name: NoTranslation}


def provider_named(name: str) -> Provider:
    """The provider that the setting ``translation`` names.

    Raises ValueError with the names there are: a wrong setting must stop the start.
    """
    if name not in PROVIDERS:
        raise ValueError(f"translation must be one of {', '.join(PROVIDERS)}, not {name!r}")
    return PROVIDERS[name]()


def translate(
    provider: Provider, batch: Sequence[str], source: str, target: str
) -> list[str | None]:
    """Translate a batch; None stands where the reader gets the original instead.

    Texts that are already in the target language are not sent anywhere.
    """
    if source == target or not provider.available:
        return [None] * len(batch)
    answers = provider.translate(batch, source, target)
    if len(answers) != len(batch):
        return [None] * len(batch)
    return [accepted(text, answer) for text, answer in zip(batch, answers, strict=True)]
