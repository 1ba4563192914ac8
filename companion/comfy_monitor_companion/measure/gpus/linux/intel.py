"""GPUs of Intel on Linux, from what the drivers xe and i915 tell everybody.

How busy a GPU is they tell only to those who may measure performance (perf). The time of this process' own work, which
they do tell, is not that: it would show an idle GPU while others use it.
"""

import os
import time
from typing import Callable, List, Optional, Tuple

from ...troubles import Troubles
from ..figures import GpuFigures, Unmeasured, throttled_by
from .drm_cards import Card, pci_name
from .drm_gpus import DrmGpu, DrmGpus
from .own_memory import OwnMemory
from .sysfs import Hwmon, names_in, read_number

INTEGRATED_AT = "0000:00:02.0"  # where Intel's graphics inside of processors always are
# Card, then chip: the order in which the whole is preferred to its part.
_LABELS = ("card", "pkg")
_HEAT = ("thermal", "prochot", "ratl", "thermalert")
_POWER = ("pl1", "pl2", "pl4", "tdc", "icc", "psys", "ppt", "edp")


def intel_gpus(
    troubles: Troubles, own: OwnMemory, root: str = "/", clock: Callable[[], float] = time.monotonic
) -> DrmGpus:
    """All GPUs of Intel."""
    return DrmGpus(troubles, ("xe", "i915"), lambda card: _IntelGpu(card, root, own, clock), root, clock)


class _IntelGpu(DrmGpu):
    def __init__(self, card: Card, root: str, own: OwnMemory, clock: Callable[[], float]) -> None:
        super().__init__(card)
        self._own = own
        self._clock = clock
        self._name = _name(card, root)
        self._integrated = None if card.pci is None else card.pci == INTEGRATED_AT
        self._sensors: Optional[Hwmon] = None
        self._energy: Optional[Tuple[float, int]] = None  # when (s), how much (µJ)

    def figures(self, troubles: Troubles) -> GpuFigures:
        return GpuFigures(self.card.driver, troubles, self._name, None, self.card.pci, self._integrated)

    def measure(self, figures: GpuFigures) -> None:
        figures.lack("load_percent", "Intel's driver tells it only with the right to measure performance", expected=True)
        figures.lack("vram_used", "Intel's driver does not tell it", expected=True)
        take = figures.take
        take("vram_total", self._memory)
        if self._integrated:
            figures.lack("vram_own", "it has no memory of its own", expected=True)
        else:
            take("vram_own", self._own.of, self.card.pci, ("vram", "local"))
        self._take_sensors(figures)
        take("core_clock", self._clock_rate)
        take("throttled_by", self._throttling)

    def _memory(self) -> int:
        if self._integrated:
            raise Unmeasured("it has no memory of its own", expected=True)
        whole = os.path.join(self.card.folder, "lmem_total_bytes")  # i915
        if os.path.exists(whole):
            return read_number(whole, base=0)
        tiles = [name for name in names_in(self.card.device) if name.startswith("tile")]
        file = "physical_vram_size_bytes"  # xe, in either place
        sizes = [os.path.join(self.card.device, tile, place, file) for tile in tiles for place in ("", "memory")]
        there = [read_number(size, base=0) for size in sizes if os.path.exists(size)]
        if not there:
            raise Unmeasured("the driver does not tell it", expected=True)
        return sum(there)

    def _take_sensors(self, figures: GpuFigures) -> None:
        sensors = self._sensors
        if sensors is None or sensors.folder is None:
            sensors = self._sensors = Hwmon(self.card.device, ("xe", "i915"))
            self._energy = None
        take = figures.take
        heat = sensors.channel("temp", "_input", ("pkg",)) or "temp1"
        energy = sensors.channel("energy", "_input", _LABELS) or "energy1"
        take("temperature", lambda: sensors.number(f"{heat}_input") / 1000)
        take("temperature_limit", lambda: sensors.number(f"{heat}_crit") / 1000)
        take("power", self._power, sensors, f"{energy}_input")
        take("power_limit", _power_limit, sensors, energy.replace("energy", "power"))
        if sensors.has("fan1_input"):
            figures.lack("fan_percent", "the driver tells turns a minute, but not of how many", expected=True)

    def _power(self, sensors: Hwmon, file: str) -> float:
        """Watts on the average since the last sample."""
        before, now = self._energy, (self._clock(), sensors.number(file))
        self._energy = now
        if before is None:
            raise Unmeasured("measured from the second sample on", expected=True)
        seconds, joules = now[0] - before[0], (now[1] - before[1]) / 1e6
        if seconds <= 0 or joules < 0 or seconds > 5:  # a counter that began anew, or a pause
            raise Unmeasured("measured from the next sample on", expected=True)
        return joules / seconds

    def _clock_rate(self) -> int:
        """Of the fastest of its units."""
        card, device = self.card.folder, self.card.device
        if self.card.driver == "xe":
            files = [os.path.join(unit, "freq0/act_freq") for unit in _units_of_xe(device)]
        else:
            files = [os.path.join(card, "gt", unit, "rps_act_freq_mhz") for unit in names_in(os.path.join(card, "gt"))]
            files = [file for file in files if os.path.exists(file)] or [os.path.join(card, "gt_act_freq_mhz")]
        rates = [read_number(file) for file in files if os.path.exists(file)]
        if not rates:
            raise Unmeasured("the driver does not tell it", expected=True)
        return max(rates)

    def _throttling(self) -> List[str]:
        if self.card.driver == "xe":
            folders = [os.path.join(unit, "freq0/throttle") for unit in _units_of_xe(self.card.device)]
            status, prefix = "status", "reason_"
        else:
            units = os.path.join(self.card.folder, "gt")
            folders = [os.path.join(units, unit) for unit in names_in(units)]
            status, prefix = "throttle_reason_status", "throttle_reason_"
        folders = [folder for folder in folders if os.path.exists(os.path.join(folder, status))]
        if not folders:
            raise Unmeasured("the driver does not tell it", expected=True)
        reasons: List[str] = []
        for folder in folders:
            if read_number(os.path.join(folder, status)):
                names = [name for name in names_in(folder) if name.startswith(prefix) and name != status]
                set_ones = [name for name in names if read_number(os.path.join(folder, name))]
                reasons += [name[len(prefix) :] for name in set_ones] or ["unknown"]
        heat = [reason for reason in reasons if reason.endswith(_HEAT)]
        power = [reason for reason in reasons if reason.endswith(_POWER)]
        return throttled_by(power_limit=power, heat=heat, hardware=len(reasons) > len(heat) + len(power))


def _units_of_xe(device: str) -> List[str]:
    tiles = [os.path.join(device, name) for name in names_in(device) if name.startswith("tile")]
    return [os.path.join(tile, name) for tile in tiles for name in names_in(tile) if name.startswith("gt")]


def _power_limit(sensors: Hwmon, channel: str) -> float:
    for file in (f"{channel}_max", f"{channel}_cap", "power1_max", "power1_cap"):
        limit = sensors.number(file) if sensors.has(file) else 0
        if limit:  # 0 is none
            return limit / 1e6
    raise Unmeasured("the driver does not tell it", expected=True)


def _name(card: Card, root: str) -> str:
    """`Intel Arc A770` of `DG2 [Arc A770]`; the short names of chips where there is nothing else."""
    name = pci_name(root, card.vendor_id, card.device_id)
    if name is None:
        return f"Intel GPU 0x{card.device_id}"
    bracket = name.rpartition("[")[2].rstrip("]") if name.endswith("]") else name
    return bracket if bracket.startswith("Intel") else f"Intel {bracket}"
