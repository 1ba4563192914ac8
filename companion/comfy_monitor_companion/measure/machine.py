"""Measures what is not a GPU: processor, memory, and the disk that ComfyUI writes to."""

import math
import os
import shutil
import sys
import threading
import time
from typing import Any, Callable, Dict, Optional, Tuple

from .troubles import Troubles

DISK_EVERY = 10.0  # seconds
LONGEST_GAP = 5.0  # seconds; the load over a longer pause says nothing about now
DISK_PATIENCE = 0.3  # seconds; a network drive may not answer at all
MAX_PATH = 1000
Amount = Dict[str, Any]


class Machine:
    """The machine's own figures. Where psutil is missing, which ComfyUI brings along, Linux is asked directly."""

    def __init__(
        self,
        troubles: Troubles,
        root: str = "/",
        psutil: Any = "import",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._troubles = troubles
        system = _imported_psutil() if psutil == "import" else psutil
        self._system: Any = _Proc(root) if system is None else _Psutil(system)
        self._disk = _Disk(clock)
        self._clock = clock
        self._times: Tuple[float, float] = (0, 0)
        self._times_at = -math.inf

    def read(self) -> Dict[str, Any]:
        """The figures, and in `missing` why one is null."""
        missing: Dict[str, str] = {}
        return {
            "cpu_percent": self._take("cpu_percent", self._cpu_percent, missing),
            "ram": self._take("ram", self._system.ram, missing),
            "swap": self._take("swap", self._system.swap, missing),
            "disk": self._take("disk", self._disk.read, missing),
            "missing": missing,
        }

    def _take(self, figure: str, read: Callable[[], Any], missing: Dict[str, str]) -> Any:
        try:
            return read()
        except _NotYet as why:
            missing[figure] = str(why)
        except OSError as error:
            missing[figure] = os.strerror(error.errno) if error.errno else str(error)[:100]
            self._troubles.note("the machine", figure, missing[figure])
        except Exception as error:
            missing[figure] = f"failed with {type(error).__name__}"
            self._troubles.surprise("the machine", figure, error)
        return None

    def _cpu_percent(self) -> float:
        """Since the last sample, by our own difference: psutil's is shared with others that call it."""
        before, now = self._times, self._system.busy_and_all()
        gap = self._clock() - self._times_at
        self._times, self._times_at = now, self._clock()
        if gap > LONGEST_GAP or now[1] <= before[1]:
            raise _NotYet("measured from the next sample on")
        return round(min(max(100 * (now[0] - before[0]) / (now[1] - before[1]), 0.0), 100.0), 1)


class _NotYet(Exception):
    """There is nothing wrong, only no figure yet."""


class _Psutil:
    def __init__(self, psutil: Any) -> None:
        self._psutil = psutil

    def busy_and_all(self) -> Tuple[float, float]:
        times = self._psutil.cpu_times()._asdict()
        return _busy_and_all(times)

    def ram(self) -> Amount:
        memory = self._psutil.virtual_memory()
        return _amount(memory.total - memory.available, memory.total)

    def swap(self) -> Amount:
        swap = self._psutil.swap_memory()
        return _amount(swap.used, swap.total)


class _Proc:
    """The same from Linux' own files."""

    def __init__(self, root: str) -> None:
        self._root = root

    def busy_and_all(self) -> Tuple[float, float]:
        with open(os.path.join(self._root, "proc/stat"), encoding="ascii") as file:
            _, *times = file.readline().split()
        names = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest", "guest_nice")
        return _busy_and_all(dict(zip(names, map(float, times))))

    def ram(self) -> Amount:
        facts = self._meminfo()
        return _amount(facts["MemTotal"] - facts["MemAvailable"], facts["MemTotal"])

    def swap(self) -> Amount:
        facts = self._meminfo()
        return _amount(facts["SwapTotal"] - facts["SwapFree"], facts["SwapTotal"])

    def _meminfo(self) -> Dict[str, int]:
        with open(os.path.join(self._root, "proc/meminfo"), encoding="ascii") as file:
            lines = (line.split() for line in file)
            return {words[0].rstrip(":"): int(words[1]) * 1024 for words in lines if len(words) > 1}


class _Disk:
    """The disk of ComfyUI's output folder, asked in a thread of its own: a lost network drive would hold up the rest."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._next = 0.0
        self._thread: Optional[threading.Thread] = None
        self._answer: Any = None

    def read(self) -> Amount:
        waiting = self._thread is not None and self._thread.is_alive()
        if not waiting and self._clock() >= self._next:
            self._next = self._clock() + DISK_EVERY
            self._thread = threading.Thread(target=self._ask, name="comfy-monitor-disk", daemon=True)
            self._thread.start()
            self._thread.join(DISK_PATIENCE)
            waiting = self._thread.is_alive()
        if waiting:
            raise OSError("the disk does not answer")
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def _ask(self) -> None:
        try:
            self._answer = _disk_of_outputs()
        except Exception as error:
            self._answer = error


def _disk_of_outputs() -> Amount:
    folders: Any = sys.modules.get("folder_paths")  # ComfyUI's
    if folders is None:
        raise OSError("ComfyUI does not tell its output folder")
    path = str(folders.get_output_directory())
    usage = shutil.disk_usage(path)
    # What is kept for administrators counts as not used, as `df` and Crystools have it; `free` is without it.
    return {"path": path[:MAX_PATH], **_amount(usage.used, usage.total), "free": max(0, usage.free)}


def _amount(used: int, total: int) -> Amount:
    if not 0 <= used <= total:
        raise OSError("the system's figures cannot be right")
    return {"used": used, "total": total}


def _busy_and_all(times: Dict[str, float]) -> Tuple[float, float]:
    """Seconds of work and of everything. Guests are part of `user` and `nice` already."""
    guests = times.get("guest", 0) + times.get("guest_nice", 0)
    everything = sum(times.values()) - guests
    # Windows counts interrupts apart and within `system`.
    if "interrupt" in times:
        everything -= times.get("interrupt", 0) + times.get("dpc", 0)
    return everything - times.get("idle", 0) - times.get("iowait", 0), everything


def _imported_psutil() -> Any:
    try:
        import psutil
    except Exception:
        return None
    return psutil
