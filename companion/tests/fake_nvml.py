"""Compiles the stand-in for NVIDIA's library, and sets what its GPUs answer."""

import atexit
import ctypes
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Dict, Optional, Tuple

GIB = 1 << 30
FAN, POWER, LIMIT, MEMORY_V2, PROCESSES, MEMORY, LOAD = 1, 2, 4, 8, 16, 32, 64  # of refused_mask

_SOURCE = Path(__file__).parent / "fake_nvml.c"
_compiled: Dict[Tuple[str, ...], str] = {}


def compiler() -> Optional[str]:
    """A C compiler, or None; on Windows it would have to export every function by name."""
    return None if os.name == "nt" else next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)


class Gpu(ctypes.Structure):
    """The same as in fake_nvml.c."""

    _fields_ = [
        ("name", ctypes.c_char * 64),
        ("uuid", ctypes.c_char * 64),
        *[
            (name, ctypes.c_uint)
            for name in (
                "bus", "load", "temperature", "limit", "power", "power_limit", "fan", "core", "memory_clock", "mig",
                "whole", "slices", "slice_compute", "slice_gpu", "slice_mb",
            )
        ],
        *[(name, ctypes.c_ulonglong) for name in ("total", "used", "reserved", "reasons", "own")],
        *[(name, ctypes.c_uint) for name in ("pid", "others", "graphics_only")],
        ("lost", ctypes.c_int),
        ("refused_mask", ctypes.c_int),
    ]  # fmt: skip


class FakeNvml:
    """A library of its own, not shared with other tests, compiled with `defines` such as `NO_MEMORY_V2`."""

    def __init__(self, *defines: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        # A copy, because one file is loaded only once in a process.
        self.path = shutil.copy(_compile(defines), os.path.join(self.folder.name, "libnvidia-ml.so.1"))
        self.library = ctypes.CDLL(self.path)
        self.gpus = (Gpu * 16).in_dll(self.library, "fake_gpus")

    def set(self, name: str, value: int) -> None:
        ctypes.c_int.in_dll(self.library, f"fake_{name}").value = value

    def get(self, name: str) -> int:
        return ctypes.c_int.in_dll(self.library, f"fake_{name}").value

    def add(self, index: int, name: str = "NVIDIA GeForce RTX 4090", **figures: Any) -> Gpu:
        """A busy GPU; those below number 8 are listed, from 8 on they are slices."""
        gpu = self.gpus[index]
        facts: Dict[str, Any] = {
            "name": name.encode(), "uuid": f"GPU-{index}".encode(), "bus": index + 1, "load": 97, "temperature": 71,
            "limit": 90, "power": 412_345, "power_limit": 450_000, "fan": 60, "core": 2700, "memory_clock": 10_501,
            "total": 24 * GIB, "used": 20 * GIB, "reserved": GIB // 2, "reasons": 0, "pid": os.getpid(),
            "own": 18 * GIB, "others": 2, **figures,
        }  # fmt: skip
        for field, value in facts.items():
            setattr(gpu, field, value)
        if index < 8:
            self.set("count", max(self.get("count"), index + 1))
        return gpu


def _compile(defines: Tuple[str, ...]) -> str:
    if defines not in _compiled:
        folder = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        target = os.path.join(folder, "fake_nvml.so")
        options = [f"-D{name}" for name in defines]
        subprocess.run([str(compiler()), "-shared", "-fPIC", "-O0", *options, "-o", target, str(_SOURCE)], check=True)
        _compiled[defines] = target
    return _compiled[defines]
