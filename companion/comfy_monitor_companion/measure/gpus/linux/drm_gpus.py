"""The GPUs of one maker that Linux lists: which there are, asleep, or lost."""

import os
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from ...troubles import Troubles
from ..figures import GpuFigures
from .drm_cards import Card, list_cards, power_state

LIST_EVERY = 30.0  # seconds
MAX_KNOWN = 64


class DrmGpu:
    """One GPU; those of each maker say what they are and how they are measured."""

    def __init__(self, card: Card) -> None:
        self.card = card

    def figures(self, troubles: Troubles) -> GpuFigures:
        """This GPU before it is measured."""
        raise NotImplementedError

    def measure(self, figures: GpuFigures) -> None:
        """Measure everything. Never raises for a file that is missing or odd."""
        raise NotImplementedError

    def relisted(self) -> None:
        """Called every 30 s: what hardly ever changes is to be read anew."""


class DrmGpus:
    """All GPUs of some drivers, each in its place, also those that were there and are not any more."""

    def __init__(
        self,
        troubles: Troubles,
        drivers: Tuple[str, ...],
        make: Callable[[Card], DrmGpu],
        root: str = "/",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._troubles = troubles
        self._drivers = drivers
        self._make = make
        self._root = root
        self._clock = clock
        self._list_at = 0.0
        self._known: Dict[Any, DrmGpu] = {}
        self._present: "frozenset[Any]" = frozenset()

    def read(self) -> List[GpuFigures]:
        """Measure all GPUs but those that sleep."""
        if self._clock() >= self._list_at:
            self._list()
        states = {key: power_state(self._known[key].card) for key in self._present}
        if any(state is None and not os.path.exists(self._known[key].card.device) for key, state in states.items()):
            self._list()
        return [self._measure(key, gpu, states.get(key)) for key, gpu in self._known.items()]

    def _list(self) -> None:
        self._list_at = self._clock() + LIST_EVERY
        cards = {(card.pci or card.folder): card for card in list_cards(self._root, self._drivers)}
        for key, card in cards.items():
            known = self._known.get(key)
            if known is not None and known.card == card:
                known.relisted()
            elif known is not None or len(self._known) < MAX_KNOWN:
                self._known[key] = self._make(card)
        self._present = frozenset(key for key in cards if key in self._known)

    def _measure(self, key: Any, gpu: DrmGpu, state: Optional[str]) -> GpuFigures:
        figures = gpu.figures(self._troubles)
        if key not in self._present:
            figures.lose("the driver does not list this GPU any more")
            figures.values["lost"] = True
        elif state == "suspended":
            figures.lose("asleep, to save power", expected=True)
        else:
            gpu.measure(figures)
        return figures
