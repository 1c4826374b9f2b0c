"""The one question to the guard: may this text go from one party to the other as it is?"""

from collections.abc import Collection, Iterable

from amparo.guard.detect import spans
from amparo.guard.normal import normal_form
from amparo.guard.verdict import MASK, Decision, Finding, Verdict
from amparo.kernel.actor import Party


def check(
    text: str, *, party_from: Party, party_to: Party, own_domains: Collection[str] = ()
) -> Verdict:
    """Find e-mail addresses and links in ``text`` and decide what the receiver may see.

    The findings give offsets of ``text`` in code points. Names under ``own_domains`` are the
    marketplace's own and never found. Checking ``masked_text`` again finds nothing.
    """
    normal = normal_form(text)
    findings = tuple(
        _apart(
            Finding(span.kind, *normal.original(span.start, span.end), span.rule)
            for span in spans(normal.text, own_domains)
        )
    )
    decision = decide(findings, party_from, party_to)
    masked = _masked(text, findings) if decision is Decision.MASK else text
    return Verdict(decision, findings, masked)


def decide(findings: tuple[Finding, ...], party_from: Party, party_to: Party) -> Decision:
    """Contact details are masked between buyer and seller only; staff reads everything."""
    if findings and {party_from, party_to} == {"buyer", "seller"}:
        return Decision.MASK
    return Decision.DELIVER


def _apart(findings: Iterable[Finding]) -> Iterable[Finding]:
    """One original character may unfold into two findings: the first one keeps it."""
    done = 0
    for finding in findings:
        if finding.start >= done:
            yield finding
            done = finding.end


def _masked(text: str, findings: Iterable[Finding]) -> str:
    parts: list[str] = []
    done = 0
    for finding in findings:
        parts += (text[done : finding.start], MASK)
        done = finding.end
    return "".join([*parts, text[done:]])
