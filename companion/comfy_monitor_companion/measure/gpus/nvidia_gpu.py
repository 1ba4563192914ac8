"""Measures one GPU of NVIDIA, or one slice of it."""

import ctypes
import os
from typing import Any, List, Optional, Tuple

from ..troubles import Troubles
from .figures import GpuFigures, Unmeasured, throttled_by
from .nvml import (
    INSUFFICIENT_SIZE, Handle, Memory, MemoryV2, Nvml, NvmlError, Process, ProcessV1, TemperatureV1, Utilization,
    versioned,
)  # fmt: skip

# Why clocks are low (nvml.h). Idle, clocks set by an application, sync boost and the display are no throttling.
POWER_CAP, HARDWARE, HEAT, POWER_BRAKE = 0x4, 0x8, 0x20 | 0x40, 0x80
SENSOR_GPU, THRESHOLD_SLOWDOWN, CLOCK_CORE, CLOCK_MEMORY = 0, 1, 0, 2
MAX_PROCESSES = 4096
INITIAL_PID_NAMESPACE = "pid:[4026531836]"  # PROC_PID_INIT_INO of the kernel
UNKNOWN_MEMORY = 0xFFFFFFFFFFFFFFFF
OF_THE_WHOLE = "only that of the whole GPU is measured"


class NvidiaGpu:
    """What NVML needs to be asked about a GPU. Of a slice, `whole` is the GPU that it is part of."""

    def __init__(
        self, nvml: Nvml, handle: Handle, whole: Handle, name: str, uuid: str, pci: Optional[str], whole_uuid: str
    ) -> None:
        self._nvml = nvml
        self.handle = handle
        self._whole = whole
        self.name = name
        self.uuid = uuid
        self.pci = pci
        self.whole_uuid = whole_uuid
        self.integrated: Optional[bool] = None
        self._limit: Any = None  # °C, never changes
        self._room = 32  # processes that there is room for

    def figures(self, source: str, troubles: Troubles) -> GpuFigures:
        """This GPU before it is measured."""
        return GpuFigures(source, troubles, self.name, self.uuid, self.pci, self.integrated)

    def measure(self, figures: GpuFigures) -> None:
        """Measure everything; raises `Gone` if the GPU cannot be reached any more."""
        nvml, handle, whole, take = self._nvml, self.handle, self._whole, figures.take
        self._take_memory(figures)
        take("vram_own", self._own_memory)
        if handle is whole:
            take("load_percent", self._load)
            take("power", lambda: nvml.number("nvmlDeviceGetPowerUsage", whole) / 1000)
            take("power_limit", lambda: nvml.number("nvmlDeviceGetEnforcedPowerLimit", whole) / 1000)
        else:
            figures.lack("load_percent", "NVIDIA's driver does not tell it of MIG slices", expected=True)
            for figure in ("power", "power_limit"):
                figures.lack(figure, OF_THE_WHOLE, expected=True)
        take("temperature", self._temperature)
        take("temperature_limit", self._temperature_limit)
        take("fan_percent", self._fan)
        take("core_clock", nvml.number, "nvmlDeviceGetClockInfo", whole, CLOCK_CORE)
        take("memory_clock", nvml.number, "nvmlDeviceGetClockInfo", whole, CLOCK_MEMORY)
        take("throttled_by", self._throttled_by)
        figures.lack("shared_used", "NVIDIA's driver does not tell it", expected=True)

    def _load(self) -> int:
        utilization = Utilization()
        self._nvml.call("nvmlDeviceGetUtilizationRates", self.handle, ctypes.byref(utilization))
        return utilization.gpu

    def _take_memory(self, figures: GpuFigures) -> None:
        def read() -> Any:
            memory = self._memory()
            figures.take("vram_used", lambda: min(memory.used, memory.total))
            return memory.total

        figures.take("vram_total", read)
        # A chip that shares the computer's memory (Jetson, GB10) is not asked for any of its own.
        if figures.values["vram_total"]:
            self.integrated = figures.values["integrated"] = False
        if "vram_total" in figures.missing and figures.values["vram_used"] is None:
            figures.missing["vram_used"] = figures.missing["vram_total"]

    def _memory(self) -> Any:
        if self._nvml.has("nvmlDeviceGetMemoryInfo_v2"):
            memory = versioned(MemoryV2, 2)
            try:
                self._nvml.call("nvmlDeviceGetMemoryInfo_v2", self.handle, ctypes.byref(memory))
                return memory
            except NvmlError:
                pass  # not for this kind of GPU; the older question may be answered
        older = Memory()
        self._nvml.call("nvmlDeviceGetMemoryInfo", self.handle, ctypes.byref(older))
        return older

    def _own_memory(self) -> int:
        """What the driver counts for this process."""
        reason: Optional[NvmlError] = None
        for kind in ("Compute", "Graphics"):
            try:
                own = self._memory_in_list(kind)
            except NvmlError as error:
                reason = reason or error
                continue
            # A process in both lists has the same, whole memory in both.
            if own is not None:
                return own
        if reason is not None:
            raise reason
        if not _pids_are_the_drivers():
            raise Unmeasured("NVIDIA's driver does not tell it in this container")
        return 0

    def _memory_in_list(self, kind: str) -> Optional[int]:
        function, structure = self._list_of(kind)
        while True:
            count = ctypes.c_uint(self._room)
            processes = (structure * self._room)()
            try:
                self._nvml.call(function, self.handle, ctypes.byref(count), processes)
                break
            except NvmlError as error:
                if error.code != INSUFFICIENT_SIZE or self._room >= MAX_PROCESSES:
                    raise
                self._room = min(max(2 * self._room, count.value + 8), MAX_PROCESSES)
        pid = os.getpid()
        own = [entry.usedGpuMemory for entry in processes[: min(count.value, self._room)] if entry.pid == pid]
        if UNKNOWN_MEMORY in own:
            raise Unmeasured("NVIDIA's driver does not tell it on this system", expected=True)
        return sum(own) if own else None

    def _list_of(self, kind: str) -> Tuple[str, Any]:
        plain = f"nvmlDeviceGet{kind}RunningProcesses"
        for name in (f"{plain}_v3", f"{plain}_v2"):
            if self._nvml.has(name):
                return name, Process
        return plain, ProcessV1

    def _temperature(self) -> int:
        if self._nvml.has("nvmlDeviceGetTemperature"):
            return self._nvml.number("nvmlDeviceGetTemperature", self._whole, SENSOR_GPU)
        newer = versioned(TemperatureV1, 1)  # the only one from CUDA 14 on
        newer.sensorType = SENSOR_GPU
        self._nvml.call("nvmlDeviceGetTemperatureV", self._whole, ctypes.byref(newer))
        return newer.temperature

    def _temperature_limit(self) -> int:
        if self._limit is None:
            self._limit = self._nvml.number("nvmlDeviceGetTemperatureThreshold", self._whole, THRESHOLD_SLOWDOWN)
        return self._limit

    def _fan(self) -> int:
        percent = self._nvml.number("nvmlDeviceGetFanSpeed", self._whole)
        return 100 if 100 < percent <= 200 else percent  # some may turn faster than their nominal maximum

    def _throttled_by(self) -> List[str]:
        reasons = ctypes.c_ulonglong()
        newer = "nvmlDeviceGetCurrentClocksEventReasons"
        name = newer if self._nvml.has(newer) else "nvmlDeviceGetCurrentClocksThrottleReasons"
        self._nvml.call(name, self._whole, ctypes.byref(reasons))
        bits = reasons.value
        return throttled_by(
            power_limit=bits & POWER_CAP,
            power_brake=bits & POWER_BRAKE,
            heat=bits & HEAT,
            # It is set together with the reason where that is known.
            hardware=bits & HARDWARE and not bits & (HEAT | POWER_BRAKE),
        )


def _pids_are_the_drivers() -> bool:
    """Whether the driver knows this process by its number: not in containers, nor in Windows' Linux."""
    if os.name == "nt":
        return True
    try:
        return os.readlink("/proc/self/ns/pid") == INITIAL_PID_NAMESPACE and not os.path.exists("/dev/dxg")
    except OSError:
        return False
