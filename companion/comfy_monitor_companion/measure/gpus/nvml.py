"""NVIDIA's management library, called by ctypes.

nvidia-ml-py (`pynvml`), where it is installed, finds and loads the library; otherwise it is done here. The calls are
the same for both: that package wraps the very same functions, its names and structures change between its releases,
and a way of its own for each would leave one of them untested.
"""

import ctypes
import importlib
import os
import sys
from typing import Any, Dict, List, Optional

from .figures import Gone, Unmeasured

Handle = ctypes.c_void_p

UNINITIALIZED, NOT_SUPPORTED, INSUFFICIENT_SIZE, FUNCTION_NOT_FOUND = 1, 3, 7, 13
_REASONS = {
    UNINITIALIZED: "NVIDIA's library lost its connection to the driver",
    2: "NVIDIA's driver refuses the question",
    NOT_SUPPORTED: "this GPU does not tell it",
    4: "NVIDIA's driver refuses it without more rights",
    6: "NVIDIA's driver does not find it",
    9: "NVIDIA's driver is not loaded",
    12: "NVIDIA's library is not complete",
    FUNCTION_NOT_FOUND: "NVIDIA's driver is too old to tell it",
    15: "the driver lost the GPU",
    16: "the GPU needs a reset",
    18: "NVIDIA's driver and its library differ in version; restart the computer",
    25: "NVIDIA's driver is too old to tell it",
    28: "the driver does not find the GPU",
}
# After these nothing of the GPU, or of any GPU, can be had until the library has been started anew.
_GPU_GONE = frozenset((15, 16, 28))
_LIBRARY_GONE = frozenset((UNINITIALIZED, 9, 12, 18))


class NvmlError(Unmeasured):
    """A call that NVML did not answer."""

    def __init__(self, code: int) -> None:
        super().__init__(reason_of(code), expected=code == NOT_SUPPORTED)
        self.code = code


class GpuGone(Gone):
    """NVML cannot reach this GPU any more."""


class LibraryGone(Gone):
    """NVML cannot reach any GPU any more."""


def reason_of(code: int) -> str:
    return _REASONS.get(code) or f"NVIDIA's driver gives error {code}"


class Utilization(ctypes.Structure):
    _fields_ = [("gpu", ctypes.c_uint), ("memory", ctypes.c_uint)]


class Memory(ctypes.Structure):
    """`used` includes what the driver reserves for itself."""

    _fields_ = [("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong)]


class MemoryV2(ctypes.Structure):
    """`used` is what programs hold."""

    _fields_ = [
        ("version", ctypes.c_uint),
        ("total", ctypes.c_ulonglong),
        ("reserved", ctypes.c_ulonglong),
        ("free", ctypes.c_ulonglong),
        ("used", ctypes.c_ulonglong),
    ]


class PciInfo(ctypes.Structure):
    _fields_ = [
        ("busIdLegacy", ctypes.c_char * 16),
        ("domain", ctypes.c_uint),
        ("bus", ctypes.c_uint),
        ("device", ctypes.c_uint),
        ("pciDeviceId", ctypes.c_uint),
        ("pciSubSystemId", ctypes.c_uint),
        ("busId", ctypes.c_char * 32),
    ]


class Process(ctypes.Structure):
    """What _v2 and _v3 of the lists of processes fill in."""

    _fields_ = [
        ("pid", ctypes.c_uint),
        ("usedGpuMemory", ctypes.c_ulonglong),
        ("gpuInstanceId", ctypes.c_uint),
        ("computeInstanceId", ctypes.c_uint),
    ]


class ProcessV1(ctypes.Structure):
    _fields_ = [("pid", ctypes.c_uint), ("usedGpuMemory", ctypes.c_ulonglong)]


class Attributes(ctypes.Structure):
    """Of a MIG slice."""

    _fields_ = [
        ("multiprocessorCount", ctypes.c_uint),
        ("sharedCopyEngineCount", ctypes.c_uint),
        ("sharedDecoderCount", ctypes.c_uint),
        ("sharedEncoderCount", ctypes.c_uint),
        ("sharedJpegCount", ctypes.c_uint),
        ("sharedOfaCount", ctypes.c_uint),
        ("gpuInstanceSliceCount", ctypes.c_uint),
        ("computeInstanceSliceCount", ctypes.c_uint),
        ("memorySizeMB", ctypes.c_ulonglong),
    ]


class TemperatureV1(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint), ("sensorType", ctypes.c_uint), ("temperature", ctypes.c_int)]


def versioned(structure: Any, version: int) -> Any:
    """A structure that says which one it is, the way NVML wants it."""
    return structure(version=ctypes.sizeof(structure) | version << 24)


class Nvml:
    """The functions of the loaded library, by NVML's own names."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        self._functions: Dict[str, Any] = {}

    def has(self, name: str) -> bool:
        """Whether the installed driver's library has that function."""
        return self._function(name) is not None

    def call(self, name: str, *args: Any) -> None:
        """Call a function; raises `NvmlError`, or `Gone` if it makes no sense to go on asking."""
        function = self._function(name)
        code = FUNCTION_NOT_FOUND if function is None else function(*args)
        if code == 0:
            return
        if code in _GPU_GONE:
            raise GpuGone(reason_of(code))
        if code in _LIBRARY_GONE:
            raise LibraryGone(reason_of(code))
        raise NvmlError(code)

    def number(self, name: str, *args: Any) -> int:
        """What a function writes into the unsigned number that is its last argument."""
        value = ctypes.c_uint()
        self.call(name, *args, ctypes.byref(value))
        return value.value

    def text(self, name: str, handle: Handle, size: int = 96) -> str:
        """What a function writes into a buffer."""
        buffer = ctypes.create_string_buffer(size)
        self.call(name, handle, buffer, size)
        return buffer.value.decode("utf-8", "replace")

    def _function(self, name: str) -> Any:
        if name not in self._functions:
            self._functions[name] = getattr(self._library, name, None)
        return self._functions[name]


def open_nvml(places: Optional[List[str]] = None) -> Optional[Nvml]:
    """Load the library and start it; None where there is none. Raises `Gone` or `NvmlError` where it does not start."""
    pynvml = _started_pynvml()
    library = _load(places) if pynvml is None else _own_view(pynvml.nvmlLib)
    if library is None:
        return None
    nvml = Nvml(library)
    nvml.call("nvmlInit_v2")
    if pynvml is not None:
        pynvml.nvmlShutdown()  # NVML counts its users; from here on we are one of our own
    return nvml


def _started_pynvml() -> Any:
    try:
        pynvml = importlib.import_module("pynvml")
        pynvml.nvmlInit()
        return pynvml if isinstance(pynvml.nvmlLib, ctypes.CDLL) else None
    except Exception:
        return None  # without it, with another of that name, or with a library that will say itself what is wrong


def _own_view(library: ctypes.CDLL) -> ctypes.CDLL:
    """The same library, but nothing that we or others tell ctypes about its functions is shared."""
    return ctypes.CDLL(library._name, handle=library._handle)


def _load(places: Optional[List[str]]) -> Optional[ctypes.CDLL]:
    for place in places or _usual_places():
        try:
            return ctypes.CDLL(place)
        except OSError:
            continue
    return None


def _usual_places() -> List[str]:
    if sys.platform != "win32":
        return ["libnvidia-ml.so.1"]
    return [
        os.path.join(os.environ.get("WINDIR", r"C:\Windows"), "System32", "nvml.dll"),
        os.path.join(os.environ.get("ProgramFiles", r"C:\Program Files"), "NVIDIA Corporation", "NVSMI", "nvml.dll"),
    ]
