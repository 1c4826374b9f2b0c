"""A case to keep: a page that needs nothing else, or its data with the chain of steps. Pure.

What is told comes from the case as its reader sees it (``queries.case_for``), so what that reader
may not see is not in it. Of the chain a party gets the fingerprints; the facts that each step rests
on (how others paid, who of the staff) go to staff only. All words are strangers': all is escaped.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from html import escape
from typing import Any
from uuid import UUID

from amparo.cases import audit, texts
from amparo.cases.views import CaseEvent, CaseFileOut, CaseOffer, CaseOut
from amparo.kernel.clock import iso
from amparo.kernel.languages import is_rtl
from amparo.kernel.money import Money

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:1.6rem}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt,small{color:#555}"
    "dd{margin:0}p{margin:.2rem 0;white-space:pre-wrap}article{margin:.8rem 0}"
    "code{font-size:.75rem;overflow-wrap:anywhere}li{margin:.2rem 0}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def as_json(
    case: CaseOut, links: Sequence[audit.Link], found: audit.Verified, now: datetime
) -> str:
    """The case and its chain as JSON."""
    full = case.viewer == "staff"
    told = {
        "exported_at": iso(now),
        "case": asdict(case),
        "chain": [_link(link, full) for link in links],
        "verification": asdict(found),
    }
    return json.dumps(told, default=_plain, ensure_ascii=False, indent=2) + "\n"


def _link(link: audit.Link, full: bool) -> dict[str, Any]:
    shown = {
        "no": link.no,
        "at": iso(link.at),
        "by": link.who,
        "event": link.event,
        "from": link.from_state,
        "to": link.to_state,
        "policy": link.policy_version,
        "prev_hash": link.prev_hash,
        "hash": link.hash,
    }
    return shown | {"by_id": link.who_id, "data": dict(link.data)} if full else shown


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)


def as_html(
    case: CaseOut,
    links: Sequence[audit.Link],
    found: audit.Verified,
    now: datetime,
    language: str,
) -> str:
    """The case as a page that loads nothing and can do nothing."""
    page = _Page(language)
    title = page.say("title", number=case.number)
    parts = [
        f"<h1>{title}</h1><p><small>{page.say('kept', at=texts.minute(now, language))}</small></p>",
        _facts(case, page),
        _item(case, page),
        _decision(case, page),
        page.section("offers", (_offer(one, page) for one in case.offers)),
        page.section("timeline", (_event(one, page) for one in case.timeline)),
        page.section("evidence", _evidence(case, page)),
        _chain(links, found, page),
    ]
    direction = "rtl" if is_rtl(language) else "ltr"
    return (
        f'<!doctype html><html lang="{escape(language)}" dir="{direction}"><head>'
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


class _Page:
    """How the page says things in its language; everything it gives is escaped."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, key: str, **params: object) -> str:
        return escape(texts.said(f"export.{key}", self.language, **params))

    def at(self, moment: datetime) -> str:
        return (
            f'<time datetime="{iso(moment)}">{escape(texts.minute(moment, self.language))}</time>'
        )

    def money(self, amount: Money | None) -> str:
        return "" if amount is None else escape(amount.format(self.language))

    def words(self, text: str | None) -> str:
        return f'<p dir="auto">{escape(text)}</p>' if text else ""

    def files(self, files: Iterable[CaseFileOut]) -> str:
        rows = "".join(
            f'<li><span dir="auto">{escape(file.name or file.type)}</span>'
            f" <code>SHA-256 {escape(file.sha256)}</code></li>"
            for file in files
        )
        return f"<ul>{rows}</ul>" if rows else ""

    def section(self, key: str, articles: Iterable[str]) -> str:
        inside = "".join(f"<article>{one}</article>" for one in articles)
        return f"<h2>{self.say(key)}</h2>{inside}" if inside else ""


def _facts(case: CaseOut, page: _Page) -> str:
    amount = page.money(case.requested.amount)
    rows = [
        ("order", escape(case.order)),
        ("reason", escape(case.reason_label)),
        ("requested", f"{escape(case.requested.label)} {amount}"),
        ("state", escape(case.state_label)),
        ("outcome", escape(f"{case.outcome.label}. {case.outcome.text}") if case.outcome else ""),
        ("opened", page.at(case.opened_at)),
        ("closed", page.at(case.closed_at) if case.closed_at else ""),
    ]
    inside = "".join(
        f'<dt>{page.say(key)}</dt><dd dir="auto">{value}</dd>' for key, value in rows if value
    )
    return f"<dl>{inside}</dl>"


def _item(case: CaseOut, page: _Page) -> str:
    if case.line is None:
        return ""
    snapshot = case.line.snapshot
    about = "".join(
        f"<li>{escape(str(name))}: {escape(str(value))}</li>"
        for name, value in snapshot.attributes.items()
    )
    inside = (
        f'<p dir="auto"><strong>{escape(snapshot.title)}</strong>, {case.line.quantity} × '
        f"{page.money(snapshot.price)}</p>{page.words(snapshot.text)}"
        f"{f'<ul>{about}</ul>' if about else ''}"
    )
    return page.section("item", [inside])


def _decision(case: CaseOut, page: _Page) -> str:
    made = case.decision
    if made is None:
        return ""
    head = f"<strong>{escape(made.outcome_label)}</strong>: {escape(made.label)}"
    rule = f"<p><small>{escape(made.rule_label)}</small></p>" if made.rule_label else ""
    by = f"<small>{page.at(made.at)}, {escape(made.by)}</small>"
    amount = page.money(made.amount)
    return page.section("decision", [f"<p>{head} {amount}</p>{rule}{page.words(made.reasons)}{by}"])


def _offer(one: CaseOffer, page: _Page) -> str:
    amount = page.money(one.amount)
    by = escape(texts.said(f"by.{one.by}", page.language))
    return (
        f"<small>{page.at(one.at)}, {by}</small><p>{escape(one.label)} {amount}</p>"
        f"{page.words(one.text)}"
    )


def _event(one: CaseEvent, page: _Page) -> str:
    return (
        f"<small>{page.at(one.at)}, {escape(one.by.name)}</small>"
        f'<p dir="auto"><strong>{escape(one.title)}</strong></p>'
        f"{page.words(one.text)}{page.files(one.files)}"
    )


def _evidence(case: CaseOut, page: _Page) -> Iterable[str]:
    for one in case.evidence:
        by = escape(texts.said(f"by.{one.party}", page.language))
        yield (
            f"<small>{page.at(one.at)}, {by}</small><p>{escape(one.type_label)}</p>"
            f"{page.words(one.text)}{page.files(one.files)}"
        )


def _chain(links: Sequence[audit.Link], found: audit.Verified, page: _Page) -> str:
    rows = "".join(
        f"<li>{page.at(link.at)} {escape(link.event)}<br><code>{escape(link.hash)}</code></li>"
        for link in links
    )
    told = page.say("whole", steps=found.steps)
    if not found.ok:
        told = page.say("broken", at=found.broken_at)
    return (
        f"<h2>{page.say('chain')}</h2><p>{page.say('chain_help')}</p><p>{told}</p><ol>{rows}</ol>"
    )
