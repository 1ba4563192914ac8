"""What could not be measured, told once in the log."""

import logging
from typing import Set, Tuple

log = logging.getLogger(__name__)

MOST = 100  # kinds of trouble; more of them tell nobody anything new


class Troubles:
    """Writes each kind of trouble into the log once in the life of the process."""

    def __init__(self) -> None:
        self._told: Set[Tuple[str, ...]] = set()

    def note(self, source: str, what: str, reason: str, expected: bool = False) -> None:
        """A figure that cannot be had; `expected` where this kind of machine simply does not tell it."""
        if self._is_new(source, what, reason):
            level = logging.DEBUG if expected else logging.INFO
            log.log(level, "Comfy Monitor companion: %s of %s is not measured: %s (reported once)", what, source, reason)

    def surprise(self, source: str, what: str, error: Exception) -> None:
        """An exception that nobody thought of, with its traceback."""
        if self._is_new(source, what, type(error).__name__):
            log.warning("Comfy Monitor companion: measuring %s of %s failed (reported once)", what, source, exc_info=error)

    def _is_new(self, *kind: str) -> bool:
        if kind in self._told or len(self._told) >= MOST:
            return False
        self._told.add(kind)
        return True
