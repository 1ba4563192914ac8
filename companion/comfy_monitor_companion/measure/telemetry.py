"""The thread that measures once a second, while somebody listens."""

import logging
import threading
import time
from typing import Any, Callable, Dict, Optional

log = logging.getLogger(__name__)

INTERVAL = 1.0  # seconds
Sample = Dict[str, Any]


def _new_sampler() -> Callable[[], Sample]:
    # Only now, in the thread that measures: a start of ComfyUI does not wait for it.
    from .sampler import Sampler

    return Sampler().sample


class Telemetry:
    """Gives samples to `deliver`, which must be quick and may be called from any thread."""

    def __init__(
        self,
        deliver: Callable[[Sample], None],
        new_sampler: Callable[[], Callable[[], Sample]] = _new_sampler,
        interval: float = INTERVAL,
    ) -> None:
        self._deliver = deliver
        self._new_sampler = new_sampler
        self._interval = interval
        self._sample: Optional[Callable[[], Sample]] = None
        self._changed = threading.Condition()
        self._wanted = False
        self._thread: Optional[threading.Thread] = None
        self._complained = False

    def want(self, wanted: bool) -> None:
        """Say whether anybody listens. Never waits: a driver that hangs holds up nothing but the thread."""
        with self._changed:
            self._wanted = wanted
            self._changed.notify_all()
            if wanted and self._thread is None:
                # One thread at a time, also while an older one still waits for a driver.
                thread = threading.Thread(target=self._run, name="comfy-monitor-telemetry", daemon=True)
                thread.start()
                self._thread = thread

    def _run(self) -> None:
        due = time.monotonic()
        while True:
            self._measure()
            due = max(due + self._interval, time.monotonic())  # what was missed is not made up for
            with self._changed:
                self._changed.wait_for(lambda: not self._wanted, due - time.monotonic())
                if not self._wanted:
                    self._thread = None
                    return

    def _measure(self) -> None:
        try:
            if self._sample is None:
                self._sample = self._new_sampler()
            self._deliver(self._sample())
        except Exception:
            if not self._complained:
                self._complained = True
                log.warning("Comfy Monitor companion: measuring failed (reported once)", exc_info=True)
