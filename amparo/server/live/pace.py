"""How fast one connection may speak: a bucket that fills with time."""

import time


class Pace:
    """Allows ``per_second`` events on average and ``burst`` at once."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._rate, self._burst = per_second, burst
        self._left, self._at = burst, time.monotonic()

    def allow(self) -> bool:
        """Whether one more may pass now."""
        moment = time.monotonic()
        self._left = min(self._burst, self._left + (moment - self._at) * self._rate)
        self._at = moment
        if self._left < 1:
            return False
        self._left -= 1
        return True
