"""axe-core inside a page or a frame: what it finds, as lines that say where."""

from functools import cache

from playwright.sync_api import Frame, Page

from tests.storage.clusters import PROJECT

_SOURCE = PROJECT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async () => {
  const { violations } = await axe.run(document, { iframes: false, resultTypes: ['violations'] })
  return violations.flatMap(({ id, impact, help, nodes }) => nodes.map(
    ({ target, html, any }) => `${id} (${impact}): ${help}\\n  at ${target.join(' ')}\\n  ${html}`
      + any.map(({ message }) => `\\n  ${message}`).join(''),
  ))
}"""


def violations(place: Page | Frame) -> list[str]:
    """Everything that axe-core holds against a document; frames in it are looked at apart."""
    place.evaluate(_source())
    found: list[str] = place.evaluate(_RUN)
    return found


@cache
def _source() -> str:
    return _SOURCE.read_text("utf-8")
