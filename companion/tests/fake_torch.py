"""As much of PyTorch, and of ComfyUI's use of it, as the measuring part looks at."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any, List, Optional
from unittest import mock

GIB = 1 << 30


def properties(name: str = "NVIDIA GeForce RTX 4090", total: int = 24 * GIB, **facts: Any) -> SimpleNamespace:
    return SimpleNamespace(name=name, total_memory=total, **facts)


def address(bus: int) -> "dict[str, int]":
    return {"pci_domain_id": 0, "pci_bus_id": bus, "pci_device_id": 0}


class FakeBackend:
    """`torch.cuda` or `torch.xpu`, which count how they are used."""

    def __init__(self, devices: List[SimpleNamespace], started: bool = True) -> None:
        self.devices = devices
        self.started = started
        self.reserved = [0] * len(devices)
        self.asked_for_memory: List[int] = []

    def is_initialized(self) -> bool:
        return self.started

    def _need(self) -> None:
        assert self.started, "this would start PyTorch's use of the GPU"

    def device_count(self) -> int:
        self._need()
        return len(self.devices)

    def get_device_properties(self, number: int) -> SimpleNamespace:
        self._need()
        return self.devices[number]

    def memory_stats_as_nested_dict(self, number: int) -> Any:
        self._need()
        return {"reserved_bytes": {"all": {"current": self.reserved[number]}}}

    def memory_reserved(self, number: int) -> int:
        self._need()
        return self.reserved[number]

    def mem_get_info(self, number: int) -> Any:
        self._need()
        self.asked_for_memory.append(number)
        return 4 * GIB, self.devices[number].total_memory


def torch_loaded(
    cuda: Optional[FakeBackend] = None,
    xpu: Optional[FakeBackend] = None,
    main: str = "cuda",
    hip: bool = False,
    mps: Any = None,
) -> Any:
    """A ComfyUI that computes on the first device of kind `main`."""
    torch: Any = ModuleType("torch")
    torch.cuda = cuda or FakeBackend([], started=False)
    torch.xpu = xpu or FakeBackend([], started=False)
    torch.version = SimpleNamespace(hip="6.4" if hip else None)
    torch.mps = mps
    torch.backends = SimpleNamespace(mps=SimpleNamespace(get_name=lambda: "Apple M4 Max"))
    management: Any = ModuleType("comfy.model_management")
    management.cpu_state = SimpleNamespace(name="MPS" if mps else "GPU")
    management.get_torch_device = lambda: SimpleNamespace(type=main, index=0)
    return mock.patch.dict(sys.modules, {"torch": torch, "comfy.model_management": management})
