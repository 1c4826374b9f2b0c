"""Minimising a smooth convex function: L-BFGS (Nocedal & Wright, algorithm 7.5) in plain numpy."""

from collections import deque
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]
Objective = Callable[[Vector], tuple[float, Vector]]
"""Value and gradient at a point."""

_MEMORY = 8
_DECREASE = 1e-4
_HALVINGS = 20


def minimise(function: Objective, start: Vector, *, rounds: int, tolerance: float) -> Vector:
    """The point where ``function`` is least, or as near as ``rounds`` steps lead.

    Args:
        tolerance: stop when two steps in a row lower the value by less than this share of it.
    """
    point = start
    value, gradient = function(point)
    pairs: deque[tuple[Vector, Vector, float]] = deque(maxlen=_MEMORY)
    calm = False
    for _ in range(rounds):
        direction = _direction(gradient, pairs)
        slope = float(direction @ gradient)
        if slope >= 0:
            break
        stride = 1.0 if pairs else min(1.0, 1.0 / float(np.sqrt(gradient @ gradient) + 1e-12))
        for _ in range(_HALVINGS):
            following = point + np.float32(stride) * direction
            new_value, new_gradient = function(following)
            if new_value <= value + _DECREASE * stride * slope:
                break
            stride /= 2
        else:
            break
        step, change = following - point, new_gradient - gradient
        curvature = float(step @ change)
        if curvature > 1e-10:
            pairs.append((step, change, curvature))
        small = value - new_value <= tolerance * max(abs(value), 1.0)
        point, value, gradient = following, new_value, new_gradient
        if small and calm:
            break
        calm = small
    return point


def _direction(gradient: Vector, pairs: deque[tuple[Vector, Vector, float]]) -> Vector:
    """The two-loop recursion: the gradient, bent by what the last steps told of the curvature."""
    bent = -gradient
    weights = []
    for step, change, curvature in reversed(pairs):
        weight = np.float32(float(step @ bent) / curvature)
        weights.append(weight)
        bent = bent - weight * change
    if pairs:
        _, change, curvature = pairs[-1]
        bent = bent * np.float32(curvature / float(change @ change))
    for (step, change, curvature), weight in zip(pairs, reversed(weights), strict=True):
        back = np.float32(float(change @ bent) / curvature)
        bent = bent + (weight - back) * step
    return bent
