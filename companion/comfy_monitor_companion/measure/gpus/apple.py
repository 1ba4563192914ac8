"""Apple's GPU, of which PyTorch tells the memory. A monitor on the same Mac asks macOS for the load itself."""

import sys
from typing import Any, List

from ..troubles import Troubles
from .figures import GpuFigures

SOURCE = "Apple"


def apple_gpus(troubles: Troubles) -> List[GpuFigures]:
    """The GPU that ComfyUI computes on by Metal, if it does."""
    torch: Any = sys.modules.get("torch")
    state = getattr(sys.modules.get("comfy.model_management"), "cpu_state", None)
    mps = getattr(torch, "mps", None)
    if mps is None or getattr(state, "name", "") != "MPS":
        return []
    figures = GpuFigures(SOURCE, troubles, _name(torch), integrated=True)
    figures.values.update(device=0, used=True)
    figures.take("vram_own", lambda: mps.driver_allocated_memory())
    figures.take("vram_total", lambda: mps.recommended_max_memory())
    figures.lack("vram_used", "macOS does not tell what other programs hold", expected=True)
    figures.lack("load_percent", "PyTorch does not tell it", expected=True)
    for figure in ("temperature", "power", "core_clock", "throttled_by"):
        figures.lack(figure, "macOS has no public way to ask for it", expected=True)
    return [figures]


def _name(torch: Any) -> str:
    try:
        return str(torch.backends.mps.get_name()) or "Apple GPU"
    except Exception:  # PyTorch before 2.9 does not tell it
        return "Apple GPU"
