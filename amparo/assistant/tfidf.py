"""Texts as weighted character n-grams: sparse rows of unit length."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from amparo.assistant.grams import BITS, places

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_AT_ONCE = 16_384
"""Entries that are multiplied in one go, so that the products stay in the processor's cache."""


class Rows:
    """A sparse matrix by rows: row ``i`` has the entries ``starts[i]:starts[i + 1]``."""

    def __init__(self, starts: Ints, columns: Ints, values: Floats, width: int) -> None:
        self.starts, self.columns, self.values, self.width = starts, columns, values, width

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        return len(self.starts) - 1, self.width

    def times(self, weights: Floats) -> Floats:
        """This matrix by a dense one."""
        sums = np.zeros((self.shape[0], weights.shape[1]), np.float32)
        filled = np.nonzero(np.diff(self.starts))[0]  # reduceat would invent a sum for the empty
        if not len(filled):
            return sums
        edges = self.starts[filled]
        cuts = np.searchsorted(edges, np.arange(0, edges[-1] + 1, _AT_ONCE))
        for first, last in zip(cuts, [*cuts[1:].tolist(), len(filled)], strict=True):
            if first == last:
                continue
            begin = edges[first]
            end = self.starts[filled[last - 1] + 1]
            products = weights[self.columns[begin:end]].astype(np.float32, copy=False)
            products *= self.values[begin:end, None]
            sums[filled[first:last]] = np.add.reduceat(products, edges[first:last] - begin, axis=0)
        return sums

    def transposed_times(self, errors: Floats) -> Floats:
        """This matrix, turned over, by a dense one."""
        return self._turned.times(errors)

    @cached_property
    def _turned(self) -> "Rows":
        order = np.argsort(self.columns, kind="stable")
        rows = np.repeat(np.arange(self.shape[0]), np.diff(self.starts))
        starts = np.searchsorted(self.columns[order], np.arange(self.width + 1))
        return Rows(starts, rows[order], self.values[order], self.shape[0])

    def only(self, chosen: Ints) -> "Rows":
        """The rows with these numbers, in this order."""
        sizes = np.diff(self.starts)[chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        at = np.repeat(self.starts[chosen] - starts[:-1], sizes) + np.arange(starts[-1])
        return Rows(starts, self.columns[at], self.values[at], self.width)

    def row(self, at: int) -> tuple[Ints, Floats]:
        """Columns and values of one row."""
        entries = slice(self.starts[at], self.starts[at + 1])
        return self.columns[entries], self.values[entries]

    def likeness(self, row: tuple[Ints, Floats]) -> Floats:
        """Cosine of every row with one more row of the same columns."""
        columns, values = row
        turned = self._turned
        begins, ends = turned.starts[columns], turned.starts[columns + 1]
        sizes = ends - begins
        # The entries of all columns as one run of positions, without a loop in Python.
        skipped = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if len(sizes) else sizes
        at = np.repeat(begins - skipped, sizes) + np.arange(sizes.sum())
        products = turned.values[at] * np.repeat(values, sizes)
        sums = np.bincount(turned.columns[at], weights=products, minlength=self.shape[0])
        return sums.astype(np.float32)


class Vocabulary:
    """The n-grams that some texts have, and how rare each is."""

    def __init__(self, known: Ints, rarity: Floats) -> None:
        """Args:
        known: hash places of the n-grams; the columns, in this order.
        rarity: weight of each.
        """
        self.known, self.rarity = known, rarity
        self._column = np.full(1 << BITS, -1, np.int32)
        self._column[known] = np.arange(len(known))

    def row(self, text: str) -> tuple[Ints, Floats]:
        """Columns and values of a text; n-grams that no known text has are passed over."""
        return self._row(*np.unique(places(text), return_counts=True))

    def _row(self, grams: Ints, counts: Ints) -> tuple[Ints, Floats]:
        columns = self._column[grams].astype(np.int64)
        known = columns >= 0
        columns = columns[known]
        values = ((1 + np.log(counts[known])) * self.rarity[columns]).astype(np.float32)
        length = float(np.sqrt((values * values).sum()))
        return columns, values / np.float32(length) if length else values


def learnt_vocabulary(texts: Sequence[str]) -> tuple[Vocabulary, Rows]:
    """The vocabulary of some texts, and the texts as rows of it."""
    counted = [np.unique(places(text), return_counts=True) for text in texts]
    seen = np.zeros(1 << BITS, np.int64)
    for grams, _ in counted:
        seen[grams] += 1
    known = np.nonzero(seen)[0]
    rarity = (np.log((1 + len(texts)) / (1 + seen[known])) + 1).astype(np.float32)
    vocabulary = Vocabulary(known, rarity)
    return vocabulary, rows_of([vocabulary.row(text) for text in texts], len(known))


def rows_of(found: Sequence[tuple[Ints, Floats]], width: int) -> Rows:
    """Single rows as one matrix."""
    sizes = [len(columns) for columns, _ in found]
    return Rows(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.concatenate([columns for columns, _ in found] or [np.zeros(0, np.int64)]),
        np.concatenate([values for _, values in found] or [np.zeros(0, np.float32)]),
        width,
    )
