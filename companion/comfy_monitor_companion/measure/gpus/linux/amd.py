"""GPUs of AMD on Linux, from the files of the driver amdgpu."""

import os
import re
import time
from typing import Any, Callable, Dict, Optional

from ...troubles import Troubles
from ..figures import GpuFigures
from .amd_metrics import is_integrated, read_throttling
from .drm_cards import Card, amdgpu_name, pci_name
from .drm_gpus import DrmGpu, DrmGpus
from .own_memory import OwnMemory
from .sysfs import Hwmon, names_in, read_bytes, read_fields, read_number, read_text_or_none

SOURCE = "amdgpu"


def amd_gpus(
    troubles: Troubles, own: OwnMemory, root: str = "/", clock: Callable[[], float] = time.monotonic
) -> DrmGpus:
    """All GPUs of AMD."""
    return DrmGpus(troubles, ("amdgpu",), lambda card: _AmdGpu(card, root, own), root, clock)


class _AmdGpu(DrmGpu):
    def __init__(self, card: Card, root: str, own: OwnMemory) -> None:
        super().__init__(card)
        self._root = root
        self._own = own
        self._name = _name(card, root)
        unique = read_text_or_none(os.path.join(card.device, "unique_id"))
        self._uuid = f"GPU-{unique}" if unique else None  # as rocminfo writes it
        self._integrated: Optional[bool] = None
        self._sensors: Optional[Hwmon] = None
        self._heat = "temp1"
        self._own_file: Optional[str] = None
        self._fixed: Dict[str, int] = {}  # what hardly ever changes, by file

    def figures(self, troubles: Troubles) -> GpuFigures:
        return GpuFigures(SOURCE, troubles, self._name, self._uuid, self.card.pci, self._integrated)

    def relisted(self) -> None:
        self._fixed.clear()

    def measure(self, figures: GpuFigures) -> None:
        take = figures.take
        take("load_percent", self._number, "gpu_busy_percent")
        take("vram_total", self._rarely, "mem_info_vram_total", self._number)
        take("vram_used", self._number, "mem_info_vram_used")
        take("shared_used", self._number, "mem_info_gtt_used")
        take("vram_own", self._own_memory)
        self._take_sensors(figures)
        take("throttled_by", self._throttling, figures)

    def _number(self, file: str) -> int:
        return read_number(f"{self.card.device}/{file}")

    def _rarely(self, file: str, read: Callable[[str], int]) -> int:
        if file not in self._fixed:
            self._fixed[file] = read(file)
        return self._fixed[file]

    def _take_sensors(self, figures: GpuFigures) -> None:
        sensors = self._sensors
        if sensors is None or sensors.folder is None:
            sensors = self._sensors = Hwmon(self.card.device, ("amdgpu",))
            self._heat = sensors.channel("temp", "_input", ("edge", "junction")) or "temp1"
        take, heat = figures.take, self._heat
        take("temperature", lambda: sensors.number(f"{heat}_input") / 1000)
        take("temperature_limit", lambda: self._rarely(f"{heat}_crit", sensors.number) / 1000)
        power = "power1_average" if sensors.has("power1_average") else "power1_input"
        take("power", lambda: sensors.number(power) / 1e6)
        take("power_limit", lambda: self._rarely("power1_cap", sensors.number) / 1e6)
        take("fan_percent", _fan, sensors)
        take("core_clock", lambda: sensors.number("freq1_input") / 1e6)
        take("memory_clock", lambda: sensors.number("freq2_input") / 1e6)

    def _throttling(self, figures: GpuFigures) -> Any:
        metrics = read_bytes(os.path.join(self.card.device, "gpu_metrics"))
        if self._integrated is None:
            self._integrated = figures.values["integrated"] = is_integrated(metrics)
        return read_throttling(metrics)

    def _own_memory(self) -> int:
        """By the compute driver where this process uses it, else by its open graphics devices."""
        if self._own_file is None:
            number = _kfd_number(self._root, self.card.pci)
            self._own_file = f"sys/class/kfd/kfd/proc/{os.getpid()}/vram_{number}" if number else ""
        if self._own_file:
            try:
                return read_number(os.path.join(self._root, self._own_file))
            except FileNotFoundError:
                pass
        return self._own.of(self.card.pci, ("vram",))


def _fan(sensors: Hwmon) -> float:
    fastest = sensors.number("fan1_max") if sensors.has("fan1_max") else 0
    if fastest > 0 and sensors.has("fan1_input"):
        return min(100 * sensors.number("fan1_input") / fastest, 100)
    full = sensors.number("pwm1_max") if sensors.has("pwm1_max") else 0
    return min(100 * sensors.number("pwm1") / (full or 255), 100)


def _name(card: Card, root: str) -> str:
    revision = (read_text_or_none(os.path.join(card.device, "revision")) or "").lower().replace("0x", "").zfill(2)
    name = (
        read_text_or_none(os.path.join(card.device, "product_name"))
        or amdgpu_name(root, card.device_id, revision)
        or pci_name(root, card.vendor_id, card.device_id)
    )
    if name is None:
        return f"AMD GPU 0x{card.device_id}"
    return name if name.startswith("AMD") else f"AMD {name}"


def _kfd_number(root: str, pci: Optional[str]) -> Optional[str]:
    """The number by which the compute driver calls the GPU at that address."""
    nodes = os.path.join(root, "sys/class/kfd/kfd/topology/nodes")
    for node in names_in(nodes):
        facts = read_fields(os.path.join(nodes, node, "properties"), " ")
        number = read_text_or_none(os.path.join(nodes, node, "gpu_id"))
        if re.fullmatch("[1-9][0-9]{0,9}", number or "") and pci is not None and _address(facts) == pci:
            return number
    return None


def _address(facts: Dict[str, str]) -> Optional[str]:
    try:
        place, domain = int(facts["location_id"]), int(facts.get("domain", "0"))
    except (KeyError, ValueError):
        return None
    return f"{domain:04x}:{place >> 8 & 0xFF:02x}:{place >> 3 & 0x1F:02x}.{place & 7}"
