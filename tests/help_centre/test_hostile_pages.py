"""Promises: nothing that anybody writes becomes markup, in no form in which we publish it."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.help_centre import pages, rendering, videos
from amparo.help_centre.feedback_rules import RatingForm
from amparo.help_centre.rules import Answer, CategoryNode, QuestionFacts, Ref, TopicNode
from amparo.kernel.ids import new_id

HOSTS = ("www.youtube-nocookie.com", "player.vimeo.com", "video.mercadia.example")
HOSTILE = st.text(
    alphabet=st.sampled_from("<>&\"'`/\\=[]()!#*_|{}@.:;\n\r\u2028\u2029 scriptaonvde\u202e😀"),
    max_size=60,
)
FACTS = QuestionFacts("late", "orders", "shipping", (), (), False, False, None, None)
NOW = datetime(2026, 4, 1, tzinfo=UTC)


def answer(title: str, body: str) -> Answer:
    return Answer(
        facts=FACTS,
        title=title,
        title_language="en",
        body=body,
        language="en",
        topic=Ref("orders", title),
        category=Ref("shipping", title),
        updated_at=NOW,
        languages=("en",),
    )


def frame(title: str) -> pages.Frame:
    category = CategoryNode("shipping", title, (Ref("late", title), Ref("lost", title)))
    return pages.Frame(
        base_url="https://help.mercadia.example",
        language="en",
        store=title,
        hours=title,
        topics=(TopicNode("orders", title, (category,)),),
        popular=(Ref("late", title),),
        video_hosts=HOSTS,
    )


class _Read(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[str] = []
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.blocks.append("")
            self._in_script = True

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.blocks[-1] += data


SHAPE = [tag for tag, _ in _Read(pages.article(frame("x"), answer("x", "x"))).tags]


@given(HOSTILE, HOSTILE)
def test_an_article_keeps_its_shape(title: str, body: str) -> None:
    read = _Read(pages.article(frame(title), answer(title, body)))
    for tag, attributes in read.tags:
        assert tag in {*SHAPE, "ol", "li", "p", "a"}
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        link = attributes.get("href") or attributes.get("src") or "/"
        assert link.startswith(("/", "#", "https://", "mailto:"))
    faq, trail = (json.loads(block) for block in read.blocks)
    assert faq["mainEntity"][0]["name"] == title
    assert faq["mainEntity"][0]["acceptedAnswer"]["text"] == rendering.html(body)
    assert [step["name"] for step in trail["itemListElement"]][1:] == [title, title]


@given(HOSTILE)
def test_home_topic_search_and_rating_keep_their_shape(title: str) -> None:
    form = RatingForm(id=new_id(), useful=False, comment=title)
    for page, plain in (
        (pages.home(frame(title)), pages.home(frame("x"))),
        (
            pages.topic(frame(title), frame(title).topics[0]),
            pages.topic(frame("x"), frame("x").topics[0]),
        ),
        (pages.results(frame(title), title, []), pages.results(frame("x"), "x", [])),
        (
            pages.rating(frame(title), answer(title, "x"), form),
            pages.rating(frame("x"), answer("x", "x"), replace(form, comment="x")),
        ),
    ):
        expected = [tag for tag, _ in _Read(plain).tags if tag != "p"]
        assert [tag for tag, _ in _Read(page).tags if tag != "p"] == expected


@given(HOSTILE)
def test_a_title_cannot_leave_its_line_in_llms_txt(title: str) -> None:
    lines = pages.llms(frame(title)).split("\n")
    assert len(lines) == len(pages.llms(frame("x")).split("\n"))
    [first, second] = [line for line in lines if line.startswith("- [")]
    for line, key in ((first, "late"), (second, "lost")):
        assert line.endswith(f"](https://help.mercadia.example/help/en/{key}.md)")
        named = line[3 : line.rindex("](")]
        assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]<>`]", named)


@given(HOSTILE, HOSTILE)
def test_markdown_says_the_words_and_nothing_more(title: str, body: str) -> None:
    text = rendering.markdown(title, body)
    assert text.startswith("# ")
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>`\[\]]", text)


@pytest.mark.parametrize(
    ("address", "frame_address"),
    [
        ("https://www.youtube.com/watch?v=aB3_-x", "https://www.youtube-nocookie.com/embed/aB3_-x"),
        ("https://youtu.be/aB3", "https://www.youtube-nocookie.com/embed/aB3"),
        ("https://vimeo.com/123", "https://player.vimeo.com/video/123?dnt=1"),
        ("https://video.mercadia.example/v/1", "https://video.mercadia.example/v/1"),
        ("https://evil.example/v/1", None),
        ("https://player.vimeo.com.evil.example/1", None),
        ("https://player.vimeo.com@evil.example/1", None),
        ("http://player.vimeo.com/video/1", None),
        ("javascript:alert(1)", None),
        ("//player.vimeo.com/video/1", None),
        ('https://player.vimeo.com/"onload="x', None),
        ("https://youtu.be/../../evil", None),
    ],
)
def test_only_listed_hosts_may_show_a_video(address: str, frame_address: str | None) -> None:
    found = videos.video(address, HOSTS)
    assert (found.frame if found else None) == frame_address


def test_a_video_is_a_link_until_it_is_pressed() -> None:
    body = "Look:\n[video](https://youtu.be/aB3)\nDone."
    page = pages.article(frame("x"), answer("x", body))
    assert '<a href="https://youtu.be/aB3" rel="noopener noreferrer nofollow"' in page
    assert "<iframe" not in page
    assert "https://youtu.be/aB3" in rendering.markdown("x", body)
    assert videos.plain(body) == "Look:\nhttps://youtu.be/aB3\nDone."
    stranger = pages.article(frame("x"), answer("x", "[video](https://evil.example/1)"))
    assert "<p>https://evil.example/1</p>" in stranger
    assert pages.script()[0] not in stranger
