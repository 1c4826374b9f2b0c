"""Plain text of an answer -> safe HTML and Markdown. Nothing a text says can become markup."""

import re
from dataclasses import dataclass
from html import escape

_STEP = re.compile(r"(\d{1,3})\. (.*)")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|])")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one line) or the steps of an ordered list and the number it starts with."""

    lines: tuple[str, ...]
    start: int | None = None


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


def html(body: str) -> str:
    """Paragraphs and ordered lists; everything else is escaped, addresses become mailto links."""
    return "\n".join(_html_block(block) for block in blocks(body))


def markdown(title: str, body: str) -> str:
    """The answer as Markdown, with its title as the heading."""
    parts = [f"# {_markdown(title)}"]
    for block in blocks(body):
        if block.start is None:
            parts.append(_markdown(block.lines[0]))
        else:
            steps = enumerate(block.lines, start=block.start)
            parts.append("\n".join(f"{number}. {_markdown(line)}" for number, line in steps))
    return "\n\n".join(parts) + "\n"


def _html_block(block: Block) -> str:
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
