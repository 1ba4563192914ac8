"""The GPUs that PyTorch computes on, as far as it already does: nothing here imports or starts anything of it."""

import sys
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from ..troubles import Troubles

SOURCE = "PyTorch"
MAX_DEVICES = 64


class TorchDevice(NamedTuple):
    """A GPU as PyTorch numbers it. Sizes are bytes; `sources` are those that may measure the same GPU."""

    kind: str
    number: int
    name: str
    total: Optional[int]
    pci: Optional[str]
    uuid: Optional[str]
    integrated: Optional[bool]
    sources: Tuple[str, ...]


class TorchDevices:
    """Asks the PyTorch that ComfyUI has loaded."""

    def __init__(self, troubles: Troubles) -> None:
        self._troubles = troubles
        self._described: Dict[Tuple[str, int], TorchDevice] = {}

    def list(self) -> List[TorchDevice]:
        """The devices of what is started, none before that."""
        devices = []
        for kind in ("cuda", "xpu"):
            try:
                module = _started(kind)
                for number in range(min(module.device_count(), MAX_DEVICES) if module else 0):
                    known = self._described.get((kind, number))
                    if known is None:
                        known = self._described[kind, number] = _describe(kind, number, module)
                    devices.append(known)
            except Exception as error:
                self._troubles.surprise(SOURCE, "the list of GPUs", error)
        return devices

    def reserved(self, device: TorchDevice) -> Optional[int]:
        """Bytes that PyTorch keeps on a device, in use or not."""
        try:
            module = _started(device.kind)
            if device.kind == "cuda":
                # A tenth of the cost of memory_reserved(), which makes one flat list of a hundred figures. Either waits
                # while PyTorch gets or frees memory, like ComfyUI's own /system_stats, which need not be asked then.
                stats = module.memory_stats_as_nested_dict(device.number)
                return int(stats["reserved_bytes"]["all"]["current"]) if stats else 0
            return int(module.memory_reserved(device.number))
        except Exception as error:
            self._troubles.surprise(SOURCE, "vram_reserved", error)
            return None

    def memory(self, device: TorchDevice) -> Tuple[int, int]:
        """Bytes used by all programs, and of all memory. Only for devices in use: it would start any other."""
        free, total = _started(device.kind).mem_get_info(device.number)
        return total - free, total

    def main(self) -> Optional[Tuple[str, int]]:
        """Kind and number of the device that ComfyUI computes on; None where it does not say."""
        try:
            device = sys.modules["comfy.model_management"].get_torch_device()  # type: ignore[attr-defined]
            return device.type, device.index or 0
        except Exception:
            return None


def comfyui_says_where() -> bool:
    """Whether ComfyUI's part that chooses GPUs is loaded."""
    return "comfy.model_management" in sys.modules


def _started(kind: str) -> Any:
    """`torch.cuda` or `torch.xpu` if ComfyUI has started it, else None."""
    module = getattr(sys.modules.get("torch"), kind, None)
    return module if module is not None and module.is_initialized() else None


def _describe(kind: str, number: int, module: Any) -> TorchDevice:
    facts = module.get_device_properties(number)
    if kind == "xpu":
        sources: Tuple[str, ...] = ("xe", "i915")
    elif getattr(getattr(sys.modules["torch"], "version", None), "hip", None):
        sources = ("amdgpu",)
    else:
        sources = ("NVIDIA",)
    integrated = getattr(facts, "is_integrated", None)
    uuid = getattr(facts, "uuid", None)
    return TorchDevice(
        kind,
        number,
        str(facts.name),
        int(facts.total_memory),
        _address(facts),
        str(uuid).lower() if uuid is not None else None,
        None if integrated is None else bool(integrated),
        sources,
    )


def _address(facts: Any) -> Optional[str]:
    """Its PCI address, which PyTorch tells since 2.8."""
    parts = [getattr(facts, f"pci_{part}_id", None) for part in ("domain", "bus", "device")]
    if not all(isinstance(part, int) for part in parts) or not any(parts):
        return None
    return "{:04x}:{:02x}:{:02x}.0".format(*parts)
