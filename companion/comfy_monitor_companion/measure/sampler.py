"""One sample of everything, as the message `comfy_monitor.telemetry` has it (docs/telemetry.md)."""

from typing import Any, Dict, Optional

from .gpus.all_gpus import AllGpus
from .machine import Machine
from .troubles import Troubles


class Sampler:
    """Measures; only ever called by one thread at a time."""

    def __init__(self, machine: Optional[Machine] = None, gpus: Optional[AllGpus] = None) -> None:
        troubles = Troubles()
        self._machine = machine or Machine(troubles)
        self._gpus = gpus or AllGpus(troubles)

    def sample(self) -> Dict[str, Any]:
        """Measure once. Takes about a millisecond, most of it waiting for drivers."""
        return {**self._machine.read(), "gpus": [gpu.message() for gpu in self._gpus.read()]}
