"""GPUs of NVIDIA: which there are, and starting the library anew when it or one of them is lost."""

import ctypes
import time
from typing import Callable, Dict, List, Optional

from ..troubles import Troubles
from .figures import Gone, GpuFigures, Unmeasured
from .nvidia_gpu import NvidiaGpu
from .nvml import Attributes, GpuGone, Handle, LibraryGone, Nvml, PciInfo, open_nvml

SOURCE = "NVIDIA"
LIST_EVERY = 30.0  # seconds; slices of a GPU (MIG) can be made anew at any time
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0  # seconds before the library is started anew
MAX_GPUS = 64
MAX_KNOWN = 64


class Nvidia:
    """All GPUs of NVIDIA, also those that were there and are not any more."""

    def __init__(
        self,
        troubles: Troubles,
        open_library: Callable[[], Optional[Nvml]] = open_nvml,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._troubles = troubles
        self._open_library = open_library
        self._clock = clock
        self._absent = False
        self._nvml: Optional[Nvml] = None
        self._gpus: List[NvidiaGpu] = []
        self._known: Dict[str, NvidiaGpu] = {}
        self._why_lost: Dict[str, str] = {}
        self._started_at = self._list_at = 0.0
        self._restart_at: Optional[float] = 0.0
        self._pause = FIRST_PAUSE
        self.trouble: Optional[str] = None  # why nothing at all can be asked

    def read(self) -> List[GpuFigures]:
        """Measure all GPUs. Never raises."""
        if self._absent:
            return []
        now = self._clock()
        measured: Dict[str, List[GpuFigures]] = {}
        try:
            if self._restart_at is not None and now >= self._restart_at:
                self._restart(now)
            if self._nvml is not None and now >= self._list_at:
                self._list(now)
            for gpu in self._gpus:
                measured.setdefault(gpu.whole_uuid, []).append(self._measure(gpu))
        except (Gone, Unmeasured) as why:
            self._lose_library(str(why))
            measured = {}
        except Exception as error:
            self._troubles.surprise(SOURCE, "the list of GPUs", error)
            self._lose_library(f"failed with {type(error).__name__}")
            measured = {}
        # Each in its place, also those that are lost.
        return [gpu for uuid, known in self._known.items() for gpu in measured.get(uuid) or [self._lost(known)]]

    def _measure(self, gpu: NvidiaGpu) -> GpuFigures:
        figures = gpu.figures(SOURCE, self._troubles)
        try:
            gpu.measure(figures)
        except GpuGone as why:
            self._why_lost[gpu.whole_uuid] = str(why)
            figures.lose(str(why))
            figures.values["lost"] = True
            self._plan_restart()
        return figures

    def _lost(self, known: NvidiaGpu) -> GpuFigures:
        figures = known.figures(SOURCE, self._troubles)
        # While the library cannot be asked, nobody knows whether the GPU is there.
        figures.values["lost"] = self.trouble is None
        figures.lose(self.trouble or self._why_lost.get(known.uuid, "the driver does not list this GPU any more"))
        return figures

    def _restart(self, now: float) -> None:
        self._close()
        self._restart_at = None
        self._nvml = self._open_library()
        self._absent = self._nvml is None
        self.trouble = None
        self._started_at = self._list_at = now

    def _close(self) -> None:
        nvml, self._nvml, self._gpus = self._nvml, None, []
        if nvml is not None:
            try:
                nvml.call("nvmlShutdown")
            except (Gone, Unmeasured):
                pass  # what was lost cannot be shut down

    def _lose_library(self, reason: str) -> None:
        self.trouble = reason
        self._troubles.note(SOURCE, "any GPU", reason)
        self._close()
        self._plan_restart()

    def _plan_restart(self) -> None:
        if self._restart_at is None or self._restart_at <= self._clock():
            self._restart_at = self._clock() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _list(self, now: float) -> None:
        nvml = self._nvml
        if nvml is None:
            return
        self._list_at = now + LIST_EVERY
        gpus: List[NvidiaGpu] = []
        lost = False
        for index in range(min(nvml.number("nvmlDeviceGetCount_v2"), MAX_GPUS)):
            try:
                gpus += self._gpus_at(nvml, index)
            except LibraryGone:
                raise
            except (Gone, Unmeasured) as why:
                self._troubles.note(SOURCE, "a GPU", str(why))
                lost = True
        self._gpus = gpus[:MAX_GPUS]
        present = {gpu.whole_uuid for gpu in self._gpus}
        if lost or any(uuid not in present for uuid in self._known):
            self._plan_restart()
        elif now - self._started_at >= LIST_EVERY:  # it lasts
            self._pause = FIRST_PAUSE

    def _gpus_at(self, nvml: Nvml, index: int) -> List[NvidiaGpu]:
        """The GPU of that number, or its slices if it is divided."""
        handle = Handle()
        nvml.call("nvmlDeviceGetHandleByIndex_v2", index, ctypes.byref(handle))
        uuid = nvml.text("nvmlDeviceGetUUID", handle)
        whole = NvidiaGpu(nvml, handle, handle, nvml.text("nvmlDeviceGetName", handle), uuid, _pci(nvml, handle), uuid)
        self._why_lost.pop(uuid, None)
        if uuid in self._known:
            whole.integrated = self._known[uuid].integrated
        if uuid in self._known or len(self._known) < MAX_KNOWN:
            self._known[uuid] = whole
        return _slices(nvml, whole) or [whole]


def _pci(nvml: Nvml, handle: Handle) -> Optional[str]:
    info = PciInfo()
    try:
        nvml.call("nvmlDeviceGetPciInfo_v3", handle, ctypes.byref(info))
    except Unmeasured:
        return None
    function = info.busId.decode("ascii", "replace").rpartition(".")[2]
    return f"{info.domain:04x}:{info.bus:02x}:{info.device:02x}.{function if function.isdigit() else 0}"


def _slices(nvml: Nvml, whole: NvidiaGpu) -> List[NvidiaGpu]:
    """The slices of a GPU that MIG divides; none where it does not."""
    current, pending = ctypes.c_uint(), ctypes.c_uint()
    try:
        nvml.call("nvmlDeviceGetMigMode", whole.handle, ctypes.byref(current), ctypes.byref(pending))
        most = nvml.number("nvmlDeviceGetMaxMigDeviceCount", whole.handle) if current.value else 0
    except Unmeasured:
        return []
    slices = []
    for index in range(min(most, MAX_GPUS)):
        handle = Handle()
        try:
            nvml.call("nvmlDeviceGetMigDeviceHandleByIndex", whole.handle, index, ctypes.byref(handle))
            uuid = nvml.text("nvmlDeviceGetUUID", handle)
        except (GpuGone, Unmeasured):
            continue  # places where no slice is
        name = _slice_name(nvml, handle, whole.name)
        slices.append(NvidiaGpu(nvml, handle, whole.handle, name, uuid, whole.pci, whole.uuid))
    return slices


def _slice_name(nvml: Nvml, handle: Handle, name_of_whole: str) -> str:
    try:
        name = nvml.text("nvmlDeviceGetName", handle)
        if "MIG" in name:
            return name
        attributes = Attributes()
        nvml.call("nvmlDeviceGetAttributes_v2", handle, ctypes.byref(attributes))
    except Unmeasured:
        return f"{name_of_whole} MIG"
    gpu, compute = attributes.gpuInstanceSliceCount, attributes.computeInstanceSliceCount
    part = f"{compute}c." if compute and compute != gpu else ""
    return f"{name_of_whole} MIG {part}{gpu}g.{-(-attributes.memorySizeMB // 1024)}gb"
