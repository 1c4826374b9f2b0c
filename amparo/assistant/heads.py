"""Logistic regression over the questions: one head on meanings, one on letters.

Both minimise the cross-entropy plus half the squared weights over ``strength`` (scikit-learn's
``C``); some thousand examples take seconds of one core.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from amparo.assistant.optimise import minimise

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

_ROUNDS = 60
_TOLERANCE = 3e-4


class Features(Protocol):
    """Examples as rows of numbers, however they are stored."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        ...

    def times(self, weights: Floats) -> Floats:
        """rows x columns by columns x questions."""
        ...

    def transposed_times(self, errors: Floats) -> Floats:
        """columns x rows by rows x questions."""
        ...


@dataclass(frozen=True, slots=True)
class Dense:
    """Rows that are all numbers: embeddings."""

    rows: Floats

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows.shape[0], self.rows.shape[1]

    def times(self, weights: Floats) -> Floats:
        return self.rows @ weights.astype(np.float32, copy=False)

    def transposed_times(self, errors: Floats) -> Floats:
        return self.rows.T @ errors


@dataclass(frozen=True, slots=True)
class Head:
    """What was learnt: a weight for each column and question, and how common each question is.

    The weights may be kept in half precision, which is enough to tell questions apart.
    """

    weights: npt.NDArray[Any]
    bias: Floats

    def probabilities(self, rows: Features) -> Floats:
        """rows x questions; each row sums to one."""
        return softmax(rows.times(self.weights) + self.bias)


def softmax(logits: Floats) -> Floats:
    """Rows of logits as rows of probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    share: Floats = powers / powers.sum(axis=1, keepdims=True)
    return share


def learn(rows: Features, labels: Labels, questions: int, strength: float) -> Head:
    """Fit a head.

    Args:
        labels: number of each row's question, below ``questions``.
        strength: how far the examples are believed; sklearn's ``C``.
    """
    count, columns = rows.shape
    size = columns * questions
    wanted = (np.arange(count), labels)

    def loss(point: Floats) -> tuple[float, Floats]:
        weights, bias = point[:size].reshape(columns, questions), point[size:]
        shares = softmax(rows.times(weights) + bias)
        value = -float(np.log(shares[wanted] + 1e-12).sum(dtype=np.float64))
        value += float(point[:size] @ point[:size]) / (2 * strength)
        shares[wanted] -= 1
        slope = rows.transposed_times(shares) + weights / np.float32(strength)
        return value, np.concatenate([slope.ravel(), shares.sum(axis=0)])

    start = np.zeros(size + questions, np.float32)
    point = minimise(loss, start, rounds=_ROUNDS, tolerance=_TOLERANCE)
    return Head(point[:size].reshape(columns, questions).copy(), point[size:].copy())
