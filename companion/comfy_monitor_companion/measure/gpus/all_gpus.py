"""All GPUs of the machine: measured by their makers' ways, completed by what PyTorch knows of them."""

import sys
import time
from typing import Callable, List, Optional

from ..troubles import Troubles
from .apple import apple_gpus
from .figures import GpuFigures
from .linux.amd import amd_gpus
from .linux.intel import intel_gpus
from .linux.own_memory import OwnMemory
from .matching import Matches, candidates, match
from .nvidia import Nvidia
from .torch_devices import TorchDevice, TorchDevices, comfyui_says_where

MAX_GPUS = 64


class AllGpus:
    """Every source of GPU figures; one that fails leaves the others as they are."""

    def __init__(
        self,
        troubles: Troubles,
        root: str = "/",
        nvidia: Optional[Nvidia] = None,
        clock: Callable[[], float] = time.monotonic,
        linux: bool = sys.platform.startswith("linux"),
    ) -> None:
        self._troubles = troubles
        self._nvidia = nvidia or Nvidia(troubles, clock=clock)
        self._own = OwnMemory(root, clock)
        self._torch = TorchDevices(troubles)
        kernel = [make(troubles, self._own, root, clock) for make in (amd_gpus, intel_gpus) if linux]
        self._readers: List[Callable[[], List[GpuFigures]]] = [self._nvidia.read, *(maker.read for maker in kernel)]
        self._readers.append(lambda: apple_gpus(troubles))

    def read(self) -> List[GpuFigures]:
        """Measure all GPUs. Never raises."""
        self._own.begin()
        gpus: List[GpuFigures] = []
        for read in self._readers:
            try:
                gpus += read()
            except Exception as error:
                self._troubles.surprise("GPUs", "one kind", error)
        try:
            gpus += self._complete(gpus)
        except Exception as error:
            self._troubles.surprise("PyTorch", "its GPUs", error)
        return gpus[:MAX_GPUS]

    def _complete(self, gpus: List[GpuFigures]) -> List[GpuFigures]:
        """Add what PyTorch knows; gives the GPUs that nobody else knows."""
        if comfyui_says_where():
            for gpu in gpus:
                gpu.values["used"] = bool(gpu.values["used"])
        devices = self._torch.list()
        matches = match(devices, gpus) if devices else {}
        main = self._torch.main() if devices else None
        new = []
        for device in devices:
            gpu = matches.get(device)
            if gpu is None:
                if candidates(device, gpus, matches):
                    continue  # it is one of these, but nobody can tell which
                gpu = self._only_in_torch(device, matches)
                new.append(gpu)
            self._complete_one(gpu, device, main == (device.kind, device.number))
        return new

    def _only_in_torch(self, device: TorchDevice, matches: Matches) -> GpuFigures:
        uuid = f"GPU-{device.uuid}" if device.uuid and device.sources == ("NVIDIA",) else None
        figures = GpuFigures("PyTorch", self._troubles, device.name, uuid, device.pci)
        matches[device] = figures
        if device.total:
            figures.take("vram_total", lambda: device.total)
        reason = self._nvidia.trouble if device.sources == ("NVIDIA",) else None
        for figure in ("load_percent", "temperature", "power"):
            figures.lack(figure, reason or "PyTorch does not tell it, and nobody else knows this GPU", expected=True)
        return figures

    def _complete_one(self, gpu: GpuFigures, device: TorchDevice, is_main: bool) -> None:
        values = gpu.values
        reserved = self._torch.reserved(device)
        values["device"] = device.number
        values["used"] = is_main or bool(reserved)
        if values["integrated"] is None:
            values["integrated"] = device.integrated
        if " 0x" in values["name"]:  # the kernel has only its number
            values["name"] = device.name
        if "all" in gpu.missing:
            return
        if reserved is not None:
            gpu.take("vram_reserved", lambda: reserved)
        if values["used"] and values["vram_used"] is None:
            self._take_memory(gpu, device)

    def _take_memory(self, gpu: GpuFigures, device: TorchDevice) -> None:
        """Ask the driver by PyTorch: slower, so only where nobody else tells it."""

        def read() -> int:
            used, total = self._torch.memory(device)
            gpu.take("vram_total", lambda: total)
            return used

        gpu.take("vram_used", read)
