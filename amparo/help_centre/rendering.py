"""Plain text of an answer -> safe HTML and Markdown. Nothing a text says can become markup."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from amparo.help_centre import videos

_STEP = re.compile(r"(\d{1,3})\. (.*)")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|])")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one line, perhaps a video) or the steps of a list and their first number."""

    lines: tuple[str, ...]
    start: int | None = None

    @property
    def video(self) -> str | None:
        """The address where the line is a video and nothing else."""
        return videos.line_address(self.lines[0]) if self.start is None else None


def blocks(body: str) -> list[Block]:
    """Each line is a paragraph; neighbouring lines that begin with a number are one list."""
    found: list[Block] = []
    for line in body.splitlines():
        if not line.strip():
            continue
        step = _STEP.fullmatch(line.strip())
        if step is None:
            found.append(Block((line.strip(),)))
        elif found and found[-1].start is not None:
            found[-1] = Block((*found[-1].lines, step[2]), found[-1].start)
        else:
            found.append(Block((step[2],), int(step[1])))
    return found


def html(body: str, player: Callable[[str], str | None] | None = None) -> str:
    """Paragraphs and ordered lists; everything else is escaped, addresses become mailto links.

    ``player`` makes markup of the address of a video; where it makes none the address is text.
    """
    return "\n".join(_html_block(block, player) for block in blocks(body))


def markdown(title: str, body: str) -> str:
    """The answer as Markdown, with its title as the heading."""
    parts = [f"# {_markdown(title)}"]
    for block in blocks(body):
        if block.video is not None:
            parts.append(_markdown(block.video))
        elif block.start is None:
            parts.append(_markdown(block.lines[0]))
        else:
            steps = enumerate(block.lines, start=block.start)
            parts.append("\n".join(f"{number}. {_markdown(line)}" for number, line in steps))
    return "\n\n".join(parts) + "\n"


def escaped(line: str) -> str:
    """A line in which nothing is Markdown any more."""
    return _markdown(" ".join(line.split()))


def _html_block(block: Block, player: Callable[[str], str | None] | None) -> str:
    if block.video is not None:
        shown = player(block.video) if player else None
        return shown or f"<p>{escape(block.video)}</p>"
    if block.start is None:
        return f"<p>{_inline(block.lines[0])}</p>"
    start = "" if block.start == 1 else f' start="{block.start}"'
    items = "".join(f"<li>{_inline(line)}</li>" for line in block.lines)
    return f"<ol{start}>{items}</ol>"


def _inline(line: str) -> str:
    out: list[str] = []
    end = 0
    for found in _MAIL.finditer(line):
        address = escape(found[0])
        out.append(escape(line[end : found.start()]))
        out.append(f'<a href="mailto:{address}">{address}</a>')
        end = found.end()
    out.append(escape(line[end:]))
    return "".join(out)


def _markdown(line: str) -> str:
    return _MARKDOWN.sub(r"\\\1", line)
