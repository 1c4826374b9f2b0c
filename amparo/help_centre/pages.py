"""The public pages as text: HTML without scripts, Markdown, sitemap. Pure but for the templates."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from amparo.help_centre import placeholders, rendering
from amparo.help_centre.feedback_rules import COMMENT_LIMIT, REASONS, RatingForm
from amparo.help_centre.rules import Answer, Hit, Ref, TopicNode
from amparo.help_centre.videos import Video, addresses_in, video
from amparo.help_centre.words import say
from amparo.kernel.languages import CONTENT, FALLBACK, PSEUDO, is_rtl, native_name

_FOLDER = Path(__file__).parent / "templates"
PHONE_QUESTION = "rules_phone_number"
RELATED = 8
"""Neighbours shown under an answer: a page stays small however many questions there are."""
POPULAR = (
    "orders_track_parcel",
    "orders_late",
    "returns_not_as_described",
    "returns_refund_when",
    "payment_charged_order_unpaid",
    PHONE_QUESTION,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page needs to know."""

    base_url: str
    language: str
    store: str
    hours: str
    topics: Sequence[TopicNode]
    popular: Sequence[Ref] = ()
    video_hosts: Sequence[str] = ()

    @property
    def root(self) -> str:
        return f"/help/{self.language}/"


def home(frame: Frame) -> str:
    """Search, the topics, what is asked most often."""
    return _page("home.html", frame, path="", popular=frame.popular)


def topic(frame: Frame, node: TopicNode) -> str:
    """One topic: its categories and their questions."""
    return _page("topic.html", frame, path=f"topics/{node.key}", node=node)


def article(frame: Frame, answer: Answer) -> str:
    """A question and its answer; marked where the answer is in another language."""
    foreign = answer.language != frame.language
    return _page(
        "article.html",
        frame,
        path=answer.facts.key,
        alternates=answer.languages,
        canonical_language=answer.language if foreign else frame.language,
        answer=answer,
        body=Markup(rendering.html(answer.body, partial(_player, frame))),
        script=script()[0] if videos_in(frame, answer) else None,
        foreign=foreign,
        others=_related(frame, answer),
        date=format_date(answer.updated_at, "long", locale=_locale(frame.language)),
        data=_json(_faq(answer)),
        trail=_json(_trail(frame, answer)),
    )


def videos_in(frame: Frame, answer: Answer) -> list[Video]:
    """The videos of an answer that may be shown."""
    found = (video(address, frame.video_hosts) for address in addresses_in(answer.body))
    return [one for one in found if one is not None]


def rating(frame: Frame, answer: Answer, asked: RatingForm) -> str:
    """ "Was this useful?": the form with its reasons, or the thanks for it."""
    return _page(
        "rating.html",
        frame,
        path=answer.facts.key,
        index=False,
        answer=answer,
        asked=asked,
        reasons=REASONS,
        limit=COMMENT_LIMIT,
    )


def _related(frame: Frame, answer: Answer) -> list[Ref]:
    """The nearest neighbours in the category."""
    refs = next(
        category.questions
        for node in frame.topics
        for category in node.categories
        if category.key == answer.category.key
    )
    place = next((i for i, ref in enumerate(refs) if ref.key == answer.facts.key), 0)
    first = max(0, min(place - RELATED // 2, len(refs) - RELATED - 1))
    return [ref for ref in refs[first : first + RELATED + 1] if ref.key != answer.facts.key][
        :RELATED
    ]


def _player(frame: Frame, address: str) -> str | None:
    found = video(address, frame.video_hosts)
    if found is None:
        return None
    template = _environment().get_template("video.html")
    return template.render(video=found, say=partial(say, frame.language)).strip()


def results(frame: Frame, query: str, hits: Sequence[Hit]) -> str:
    """What a search found."""
    return _page("search.html", frame, path="search", query=query, hits=hits, index=False)


def missing(frame: Frame) -> str:
    """The page for an address that leads nowhere: a way on, not a dead end."""
    return _page("missing.html", frame, path="", index=False)


def framed(folder: Path, template: str, frame: Frame, *, path: str, **values: Any) -> str:
    """A page of another module in our frame; its ``folder`` of templates comes before ours."""
    return _page(template, frame, path=path, folder=folder, **values)


def sitemap(base_url: str, entries: Sequence[tuple[str, Sequence[str], datetime | None]]) -> str:
    """Every page in every language it is written in: (path, languages, last change)."""
    return _environment().get_template("sitemap.xml").render(base=base_url, entries=entries)


def robots(base_url: str) -> str:
    """What crawlers may read: the help centre and nothing else."""
    rules = ("User-agent: *", "Allow: /help/", "Allow: /llms.txt", "Disallow: /")
    return "\n".join((*rules, "", f"Sitemap: {base_url}/sitemap.xml", ""))


def llms(frame: Frame) -> str:
    """The help centre for language models (https://llmstxt.org): titles and Markdown addresses."""
    template = _environment().get_template("llms.txt")
    return template.render(
        frame=frame, languages=CONTENT, native_name=native_name, escaped=rendering.escaped
    )


def not_by_phone(frame: Frame) -> str:
    """Where the page stands that says there is no telephone."""
    return f"{frame.root}{PHONE_QUESTION}"


@cache
def stylesheet() -> tuple[str, str]:
    """(name with the hash of its content, CSS)."""
    css = (_FOLDER / "help.css").read_text("utf-8")
    return f"help-{hashlib.blake2b(css.encode(), digest_size=5).hexdigest()}.css", css


@cache
def script() -> tuple[str, str]:
    """(name with the hash of its content, JavaScript): puts a frame where a press asks for it."""
    js = (_FOLDER / "video.js").read_text("utf-8")
    return f"video-{hashlib.blake2b(js.encode(), digest_size=5).hexdigest()}.js", js


@cache
def mark() -> str:
    """Our mark, an arch over a dot, as SVG."""
    return (_FOLDER / "mark.svg").read_text("utf-8")


def _page(
    template: str,
    frame: Frame,
    *,
    path: str,
    alternates: Sequence[str] = CONTENT,
    canonical_language: str | None = None,
    index: bool = True,
    folder: Path = _FOLDER,
    **values: Any,
) -> str:
    return (
        _environment(folder)
        .get_template(template)
        .render(
            frame=frame,
            path=path,
            alternates=alternates,
            canonical=f"{frame.base_url}/help/{canonical_language or frame.language}/{path}",
            index=index and frame.language != PSEUDO,
            direction="rtl" if is_rtl(frame.language) else "ltr",
            say=partial(say, frame.language),
            languages=CONTENT,
            native_name=native_name,
            language_name=lambda tag: placeholders.language_name(tag, frame.language),
            css=stylesheet()[0],
            phone=not_by_phone(frame),
            **values,
        )
    )


def _faq(answer: Answer) -> dict[str, Any]:
    """https://schema.org/FAQPage"""
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": answer.language,
        "dateModified": answer.updated_at.date().isoformat(),
        "mainEntity": [
            {
                "@type": "Question",
                "name": answer.title,
                "acceptedAnswer": {"@type": "Answer", "text": rendering.html(answer.body)},
            }
        ],
    }


def _trail(frame: Frame, answer: Answer) -> dict[str, Any]:
    """https://schema.org/BreadcrumbList"""
    steps = [
        (say(frame.language, "page.title"), ""),
        (answer.topic.title, f"topics/{answer.topic.key}"),
        (answer.title, answer.facts.key),
    ]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": f"{frame.base_url}{frame.root}{path}",
            }
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def _json(data: dict[str, Any]) -> Markup:
    """Structured data, safe inside a script element: nothing in it can end the element.

    A data block is not run, so the pages' policy without ``script-src`` lets it be.
    """
    raw = json.dumps(data, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        raw = raw.replace(character, f"\\u{ord(character):04x}")
    return Markup(raw)


def _locale(language: str) -> str:
    return FALLBACK if language == PSEUDO else language


@cache
def _environment(folder: Path = _FOLDER) -> Environment:
    return Environment(
        loader=FileSystemLoader([folder, _FOLDER]),
        autoescape=lambda name: not (name or "").endswith(".txt"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
