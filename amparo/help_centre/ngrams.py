"""Search that forgives typos: words are compared by their letter groups. Pure, in memory.

PostgreSQL's dictionaries know word forms of many languages but no Ukrainian and no Chinese, and
they do not forgive a wrong letter. A few hundred short texts fit in memory, so no extension is
needed: the vocabulary is indexed by letter pairs and triples, a written word finds its nearest
neighbours there, and Chinese is read in overlapping pairs of characters.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from amparo.kernel.text import clip

_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_STEP_NUMBER = re.compile(r"^\d{1,3}\. ")
_MOST_WORDS = 16
_LONGEST_WORD = 40
_NEAR = 0.5
"""Below this share of common letter groups two words are strangers."""
_TITLE_WEIGHT, _BODY_WEIGHT = 3.0, 1.0
_COMMON = 0.4
"""A word in more than this share of the texts says nothing about any of them."""


@dataclass(slots=True)
class Index:
    """Texts of one language, ready to be searched."""

    texts: int = 0
    postings: dict[str, dict[str, float]] = field(default_factory=dict)
    by_gram: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sizes: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str, str]]) -> "Index":
        """Index (key, title, body) triples."""
        index = cls()
        for key, title, body in texts:
            index.texts += 1
            # of two titles with the same words the shorter one says it more plainly
            plain = 0.8 + 0.2 / max(len(words(title)), 1)
            index._add(key, title, _TITLE_WEIGHT * plain)
            index._add(key, body, _BODY_WEIGHT)
        return index

    def search(self, query: str) -> dict[str, float]:
        """Keys of the texts that fit, with the share (0..1) of the query that they answer."""
        asked = list(dict.fromkeys(words(query)))[:_MOST_WORDS]
        scores: dict[str, float] = defaultdict(float)
        total = 0.0
        for word in asked:
            near = self._near(word)
            rarity = max((self._rarity(known) for known in near), default=1.0)
            total += rarity
            best: dict[str, float] = {}
            for known, likeness in near.items():
                for key, weight in self.postings[known].items():
                    worth = self._rarity(known) * likeness * weight / _TITLE_WEIGHT
                    best[key] = max(best.get(key, 0.0), worth)
            for key, worth in best.items():
                scores[key] += worth
        return {key: score / total for key, score in scores.items()} if total else {}

    def _add(self, key: str, text: str, weight: float) -> None:
        for word in words(text):
            at = self.postings.setdefault(word, {})
            at[key] = max(at.get(key, 0.0), weight)
            if word not in self.sizes:
                parts = grams(word)
                self.sizes[word] = len(parts)
                for gram in parts:
                    self.by_gram[gram].add(word)

    def _near(self, word: str) -> dict[str, float]:
        """Known words that may be meant by ``word``, with their likeness (1 = the same)."""
        near = {word: 1.0} if word in self.postings else {}
        if len(word) < 3 or _HAN.match(word):
            return near
        mine = grams(word)
        common: dict[str, int] = defaultdict(int)
        for gram in mine:
            for known in self.by_gram.get(gram, ()):
                common[known] += 1
        for known, shared in common.items():
            likeness = 2 * shared / (len(mine) + self.sizes[known])
            if likeness >= _NEAR and known not in near and _close(word, known):
                near[known] = likeness * 0.9
        return near

    def _rarity(self, word: str) -> float:
        share = len(self.postings[word]) / max(self.texts, 1)
        return 0.05 if share > _COMMON else math.log(1 / share) / math.log(max(self.texts, 2))


def words(text: str) -> list[str]:
    """Words as they are compared: no case, no accents, Chinese in overlapping pairs."""
    plain = fold(_PLACEHOLDER.sub(" ", text))
    found: list[str] = []
    for word in _WORD.findall(plain):
        han = _HAN.findall(word)
        if not han:
            found.append(word[:_LONGEST_WORD])
        for run in han:
            found.extend([run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)])
    return found


def fold(text: str) -> str:
    """Compatibility form, no case, no accents on Latin letters, ё as е."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    out: list[str] = []
    for character in spread:
        # й and ї are letters of their own, not accented ones
        if unicodedata.combining(character) and (not out or out[-1] < "\u0250"):
            continue
        out.append(character)
    return unicodedata.normalize("NFC", "".join(out)).replace("ё", "е").replace("ʼ", "'")


def grams(word: str) -> set[str]:
    """Letter pairs and triples of a word, its ends marked; the beginning counts twice."""
    marked = f"^{word}$"
    pairs = {marked[i : i + 2] for i in range(len(marked) - 1)}
    return pairs | {marked[:3]}


def _close(word: str, known: str) -> bool:
    """One slip in a short word, two in a longer one, or a common stem with another ending."""
    if abs(len(word) - len(known)) > 4:
        return False
    stem = next((i for i, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), None)
    shared = min(len(word), len(known)) if stem is None else stem
    if shared >= 4 and shared >= 0.6 * max(len(word), len(known)):
        return True
    return slips(word, known, limit=1 if len(word) < 7 else 2) is not None


def slips(word: str, known: str, limit: int) -> int | None:
    """Letters added, lost, replaced or swapped between two words; None above ``limit``.

    Optimal string alignment distance.
    """
    if abs(len(word) - len(known)) > limit:
        return None
    before: list[int] = []
    row = list(range(len(known) + 1))
    for i, a in enumerate(word, start=1):
        last, row, older = row, [i], before
        for j, b in enumerate(known, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == known[j - 2] and word[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        before = last
        if min(row) > limit:
            return None
    return row[-1] if row[-1] <= limit else None


def excerpt(body: str, query: str, limit: int = 160) -> str:
    """The line of an answer that says most about the query, cut to ``limit`` characters."""
    asked = set(words(query))
    stems = {word[:5] for word in asked if len(word) >= 4}
    best, most = "", -1
    for line in body.splitlines():
        told = words(line)
        score = sum(2 * (word in asked) + (word[:5] in stems) for word in set(told))
        if score > most:
            best, most = line, score
    return clip(_STEP_NUMBER.sub("", best), limit)
