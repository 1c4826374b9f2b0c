"""Reads of the help centre. All of it is public; only the editing view takes an actor."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.help_centre import opening, placeholders, rendering, shipped, videos
from amparo.help_centre.models import (
    Category,
    ContentState,
    PlaceholderValue,
    Question,
    QuestionText,
    Topic,
)
from amparo.help_centre.opening import OpenHours
from amparo.help_centre.rules import (
    KEY,
    Answer,
    CategoryNode,
    QuestionFacts,
    Ref,
    TopicNode,
    reading_order,
)
from amparo.kernel.errors import NotFound
from amparo.kernel.languages import CONTENT, FALLBACK, PSEUDO
from amparo.kernel.texts import pseudo

NO_CONTENT = UUID(int=0)
ValueProvider = Callable[[Session, str, datetime], Mapping[str, str]]
"""(session, language, now) -> values of placeholders that live in modules above this one."""

_providers: list[ValueProvider] = []


def provide_values(provider: ValueProvider) -> None:
    """Let a module above fill placeholders (opening hours, say); the last one said wins."""
    if provider not in _providers:
        _providers.append(provider)


def placeholder_values(session: Session, language: str, now: datetime) -> dict[str, str]:
    """What stands for each placeholder, in the reader's language, at this time."""
    values = placeholders.localized(placeholder_settings(session), language)
    for provider in _providers:
        values.update(provider(session, language, now))
    return values


def opening_sentence(language: str, hours: Sequence[OpenHours]) -> str:
    """Opening hours in words, with the time zone, for a reader of ``language``."""
    return opening.sentence(language, hours)


def language_name(tag: str, language: str) -> str:
    """The name of the language ``tag`` as it reads in ``language``."""
    return placeholders.language_name(tag, language)


def placeholder_settings(session: Session) -> dict[str, str]:
    """Placeholders as the marketplace set them, not yet in anybody's language."""
    rows = session.execute(select(PlaceholderValue.name, PlaceholderValue.value))
    return {row.name: row.value for row in rows}


def revision(session: Session) -> UUID:
    """A name of the content as it is now: another one after every change."""
    found = session.scalar(select(ContentState.revision).where(ContentState.id == 1))
    return found or NO_CONTENT


def shipped_texts() -> list[tuple[str, str, str, str | None]]:
    """(question, language, title, answer) as the program brings them along."""
    return [(one.question, one.language, one.title, one.body) for one in shipped.read().texts]


def questions(session: Session) -> dict[str, QuestionFacts]:
    """Every question by key, in the order of the guide."""
    rows = session.execute(
        select(Question, Category.topic_key)
        .join(Category, Category.key == Question.category_key)
        .join(Topic, Topic.key == Category.topic_key)
        .order_by(Topic.place, Category.place, Question.place)
    )
    return {question.key: _facts(question, topic) for question, topic in rows}


def question(session: Session, key: str) -> QuestionFacts:
    """One question; raises NotFound."""
    if not KEY.fullmatch(key):
        raise NotFound()
    row = session.execute(
        select(Question, Category.topic_key)
        .join(Category, Category.key == Question.category_key)
        .where(Question.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return _facts(row[0], row[1])


_trees: dict[tuple[UUID, str], tuple[TopicNode, ...]] = {}


def tree(session: Session, language: str) -> tuple[TopicNode, ...]:
    """Topics, categories and questions with titles in the reader's language.

    Kept in memory until the content changes: every opening of the panel asks for it.
    """
    at = (revision(session), language)
    if at not in _trees:
        if len(_trees) > 4 * len(CONTENT):
            _trees.clear()
        _trees[at] = _read_tree(session, language)
    return _trees[at]


def titles(session: Session, language: str, only: Sequence[str] | None = None) -> dict[str, str]:
    """Titles of all questions (or ``only`` some) in the reader's language.

    English where it is missing; a question that is written in neither is not named.
    """
    statement = select(QuestionText.question_key, QuestionText.language, QuestionText.title)
    statement = statement.where(QuestionText.language.in_(reading_order(language)))
    if only is not None:
        statement = statement.where(QuestionText.question_key.in_(only))
    values = {
        tag: placeholders.localized(placeholder_settings(session), tag)
        for tag in reading_order(language)
    }
    by_language = {
        (key, tag): placeholders.fill(title, values[tag])
        for key, tag, title in session.execute(statement)
    }
    found: dict[str, str] = {}
    for tag in reversed(reading_order(language)):
        found.update({key: title for (key, at), title in by_language.items() if at == tag})
    if language == PSEUDO:
        return {key: pseudo(title) for key, title in found.items()}
    return found


def answer_for(session: Session, key: str, language: str, now: datetime) -> Answer:
    """The answer for a reader: in their language, or marked as another where it is missing.

    Raises:
        NotFound: there is no such question.
    """
    facts = question(session, key)
    texts = {
        text.language: text
        for text in session.scalars(select(QuestionText).where(QuestionText.question_key == key))
    }
    order = [tag for tag in (*reading_order(language), *CONTENT) if tag in texts]
    if not order:
        raise NotFound()
    titled = texts[order[0]]
    body = next((texts[tag] for tag in order if texts[tag].body), titled)
    tag = PSEUDO if language == PSEUDO else body.language
    values = placeholder_values(session, body.language, now)
    filled = placeholders.fill(body.body or "", values)
    title = placeholders.fill(titled.title, values)
    topic, category = _place(session, facts, language)
    return Answer(
        facts=facts,
        title=shown(title, language),
        title_language=PSEUDO if language == PSEUDO else titled.language,
        body=shown(filled, language),
        language=tag,
        topic=topic,
        category=category,
        updated_at=max(titled.updated_at, body.updated_at),
        languages=tuple(tag for tag in CONTENT if tag in texts and texts[tag].body),
    )


def html(body: str) -> str:
    """A filled answer as safe HTML; videos are their addresses."""
    return rendering.html(body)


def plain(body: str) -> str:
    """A filled answer for places that show text only: videos are their addresses."""
    return videos.plain(body)


def markdown(answer: Answer) -> str:
    """A filled answer as Markdown."""
    return rendering.markdown(answer.title, answer.body)


def changed_at(session: Session) -> dict[str, datetime]:
    """When each question's words last changed in any language (for the sitemap)."""
    rows = session.execute(select(QuestionText.question_key, QuestionText.updated_at))
    found: dict[str, datetime] = {}
    for key, at in rows:
        found[key] = max(at, found.get(key, datetime.min.replace(tzinfo=UTC)))
    return found


def all_texts(session: Session) -> list[tuple[str, str, str, str | None]]:
    """(question, language, title, answer) of everything written, placeholders not filled."""
    rows = session.scalars(
        select(QuestionText).order_by(QuestionText.question_key, QuestionText.language)
    )
    return [(row.question_key, row.language, row.title, row.body) for row in rows]


def written_in(session: Session) -> dict[str, tuple[str, ...]]:
    """The languages in which each question has an answer."""
    rows = session.execute(
        select(QuestionText.question_key, QuestionText.language).where(
            QuestionText.body.is_not(None)
        )
    )
    present = {(key, tag) for key, tag in rows}
    keys = {key for key, _ in present}
    return {key: tuple(tag for tag in CONTENT if (key, tag) in present) for key in keys}


def _read_tree(session: Session, language: str) -> tuple[TopicNode, ...]:
    known, words = questions(session), titles(session, language)
    topics = session.scalars(select(Topic).order_by(Topic.place)).all()
    categories = session.scalars(select(Category).order_by(Category.place)).all()
    return tuple(
        TopicNode(
            topic.key,
            _title(topic.titles, language),
            tuple(
                CategoryNode(
                    category.key,
                    _title(category.titles, language),
                    tuple(
                        Ref(facts.key, words[facts.key])
                        for facts in known.values()
                        if facts.category == category.key and facts.key in words
                    ),
                )
                for category in categories
                if category.topic_key == topic.key
            ),
        )
        for topic in topics
    )


def _place(session: Session, facts: QuestionFacts, language: str) -> tuple[Ref, Ref]:
    for topic in tree(session, language):
        for category in topic.categories:
            if category.key == facts.category:
                return Ref(topic.key, topic.title), Ref(category.key, category.title)
    raise NotFound()


def _facts(row: Question, topic: str) -> QuestionFacts:
    return QuestionFacts(
        key=row.key,
        topic=topic,
        category=row.category_key,
        channels=tuple(row.channels),
        actions=tuple(row.actions),
        needs_order=row.needs_order,
        needs_sign_in=row.needs_sign_in,
        mailbox=row.mailbox,
        case_reason=row.case_reason,
    )


def _title(by_language: Mapping[str, str], language: str) -> str:
    tags = (*reading_order(language), FALLBACK)
    return shown(next(by_language[tag] for tag in tags if tag in by_language), language)


def shown(text: str, language: str) -> str:
    """A text as a reader of ``language`` sees it: the pseudo-language turns it round."""
    if language != PSEUDO:
        return text
    return "\n".join(_pseudo_line(line) for line in text.splitlines())


def _pseudo_line(line: str) -> str:
    """Keep the number of a step and the address of a video readable for the renderer."""
    if videos.line_address(line):
        return line
    number, dot, rest = line.partition(". ")
    return f"{number}. {pseudo(rest)}" if dot and number.isdigit() else pseudo(line)
