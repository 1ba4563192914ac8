"""Which measured GPU is which device of PyTorch.

PyTorch numbers what a process may see: some GPUs may be hidden from it, and their order may be another.
"""

import os
import re
from typing import Any, Callable, Dict, List, Mapping

from .figures import GpuFigures
from .torch_devices import TorchDevice

Matches = Dict[TorchDevice, GpuFigures]
NEARLY = 0.15  # the part of its memory by which two ways to measure the same GPU differ at most


def match(devices: List[TorchDevice], gpus: List[GpuFigures], environment: Mapping[str, str] = os.environ) -> Matches:
    """Pair devices and GPUs, by the surest sign that there is. What stays in doubt is left out."""
    matches: Matches = {}
    visible = _visible(environment)

    def pair(is_same: Callable[[TorchDevice, GpuFigures], bool]) -> None:
        for device in devices:
            if device not in matches:
                fitting = [gpu for gpu in candidates(device, gpus, matches) if is_same(device, gpu)]
                if len(fitting) == 1:
                    matches[device] = fitting[0]

    pair(lambda device, gpu: _same_uuid(device.uuid, gpu))
    pair(lambda device, gpu: device.pci is not None and device.pci == gpu.values["pci"])
    pair(lambda device, gpu: _same_uuid(visible.get(device.number, ""), gpu, exact=False))
    _pair_by_number(devices, gpus, matches, visible, environment)
    _pair_in_order(devices, gpus, matches)
    return matches


def candidates(device: TorchDevice, gpus: List[GpuFigures], matches: Matches) -> List[GpuFigures]:
    """The GPUs that may be this device, and are no other yet. A known address or id rules the others out."""
    taken = {id(gpu) for gpu in matches.values()}
    free = [gpu for gpu in gpus if gpu.source in device.sources and id(gpu) not in taken]
    return [gpu for gpu in free if device.pci is None or gpu.values["pci"] in (None, device.pci)]


def _visible(environment: Mapping[str, str]) -> Dict[int, str]:
    """What the user wants a process to see, by PyTorch's number: a number or an id of each GPU."""
    for name in ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"):
        if environment.get(name, "").strip():
            return {number: part.strip() for number, part in enumerate(environment[name].split(","))}
    return {}


def _same_uuid(uuid: Any, gpu: GpuFigures, exact: bool = True) -> bool:
    """`GPU-6f2c…` and `6f2c…` are the same; not exact, the beginning is enough."""
    ours, theirs = (re.sub(r"^(gpu|mig)-", "", str(text or "").lower()) for text in (gpu.values["uuid"], uuid))
    if not ours or not theirs or (not exact and theirs.isdigit()):
        return False
    return ours == theirs if exact else ours.startswith(theirs)


def _pair_by_number(
    devices: List[TorchDevice],
    gpus: List[GpuFigures],
    matches: Matches,
    visible: Dict[int, str],
    environment: Mapping[str, str],
) -> None:
    """By the number among all GPUs, which is only that of the driver if they are equal or told to be in its order."""
    for device in devices:
        all_of_kind = [gpu for gpu in gpus if gpu.source in device.sources]
        in_order = environment.get("CUDA_DEVICE_ORDER") == "PCI_BUS_ID" or len({_word(gpu) for gpu in all_of_kind}) == 1
        wanted = visible.get(device.number, "" if visible else str(device.number))
        if device in matches or not in_order or not wanted.isdigit() or int(wanted) >= len(all_of_kind):
            continue
        gpu = all_of_kind[int(wanted)]
        if gpu in candidates(device, gpus, matches) and _same_kind(device, gpu):
            matches[device] = gpu


def _pair_in_order(devices: List[TorchDevice], gpus: List[GpuFigures], matches: Matches) -> None:
    """Equal ones in the order of both lists, if there are as many of them in both."""
    for device in devices:
        if device in matches:
            continue
        same = [other for other in devices if other not in matches and other[2:4] == device[2:4]]
        free = candidates(device, gpus, matches)
        fitting = [gpu for gpu in free if _same_kind(device, gpu)]
        if not fitting and len(free) == 1 and len(devices) == 1 and free[0].source != "NVIDIA":
            fitting = free  # names that differ between kernel and PyTorch
        if len(fitting) == len(same):
            matches.update(zip(same, fitting))


def _same_kind(device: TorchDevice, gpu: GpuFigures) -> bool:
    total = gpu.values["vram_total"]
    near = not total or not device.total or abs(total - device.total) <= NEARLY * total
    return near and _plain(device.name) == _word(gpu)


def _word(gpu: GpuFigures) -> str:
    return _plain(gpu.values["name"])


def _plain(name: str) -> str:
    """The name without what makers put around it: `Intel(R) Arc(TM) A770 Graphics` is `intel arc a770`."""
    return " ".join(re.sub(r"\((r|tm)\)|\bgraphics\b", " ", name.lower()).split())
