"""What a sample of the companion's measuring costs, as one JSON line for each kind of machine.

`python bench/companion-telemetry.py [SAMPLES]`. Drivers answer at once here (a library and files made for the tests), so
this is the cost of our own Python: `cpu_ms` of the thread that measures, `wall_ms` until the sample is there.
"""

import json
import logging
import sys
import time
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import Any, Callable, ContextManager, Dict, List

sys.path.insert(0, str(Path(__file__).parent.parent / "companion"))
sys.dont_write_bytecode = True
logging.disable(logging.WARNING)

from comfy_monitor_companion.measure.gpus.all_gpus import AllGpus  # noqa: E402
from comfy_monitor_companion.measure.gpus.nvidia import Nvidia  # noqa: E402
from comfy_monitor_companion.measure.gpus.nvml import open_nvml  # noqa: E402
from comfy_monitor_companion.measure.machine import Machine  # noqa: E402
from comfy_monitor_companion.measure.sampler import Sampler  # noqa: E402
from comfy_monitor_companion.measure.troubles import Troubles  # noqa: E402
from tests.fake_nvml import FakeNvml, compiler  # noqa: E402
from tests.fake_torch import FakeBackend, address, properties, torch_loaded  # noqa: E402
from tests.linux_trees import Tree, amd_card, xe_card  # noqa: E402


def main(samples: int) -> None:
    """Measure every kind of machine."""
    with ExitStack() as stack:
        for name, gpus in machines(stack).items():
            with torch_for(name):
                sampler = Sampler(Machine(Troubles()), gpus)
                sampler.sample()
                figures = cost(sampler.sample, samples)
            print(json.dumps({"bench": "companion telemetry", "machine": name, **figures}))


def machines(stack: ExitStack) -> Dict[str, AllGpus]:
    """GPUs by what they are called in the report."""
    none = Nvidia(Troubles(), lambda: None)
    kinds = {"this one": AllGpus(Troubles())}
    for count in (1, 8):
        tree = Tree()
        stack.callback(tree.close)
        for number in range(count):
            amd_card(tree, number, f"0000:{number + 3:02x}:00.0")
            tree.graphics_file(20 + number, f"0000:{number + 3:02x}:00.0", number, memory_vram="1024 KiB")
        kinds[f"{count} AMD"] = AllGpus(Troubles(), tree.root, none)
    arc = Tree()
    stack.callback(arc.close)
    xe_card(arc)
    kinds["1 Intel"] = AllGpus(Troubles(), arc.root, none)
    if compiler():
        for count in (1, 8):
            kinds[f"{count} NVIDIA"] = nvidia_gpus(stack, count)
    return kinds


def torch_for(machine: str) -> ContextManager[Any]:
    """A PyTorch that computes on all its GPUs; only the cost of asking it for what it keeps is not that of the real one."""
    count, _, maker = machine.partition(" ")
    if not count.isdigit():
        return nullcontext()
    first = {"NVIDIA": 1}.get(maker, 3)
    backend = FakeBackend([properties(**address(number + first)) for number in range(int(count))])
    is_intel = maker == "Intel"
    return torch_loaded(xpu=backend, main="xpu") if is_intel else torch_loaded(backend, hip=maker == "AMD")


def nvidia_gpus(stack: ExitStack, count: int) -> AllGpus:
    library = FakeNvml()
    stack.callback(library.folder.cleanup)
    for number in range(count):
        library.add(number)
    return AllGpus(Troubles(), "/nowhere", Nvidia(Troubles(), lambda: open_nvml([library.path])))


def cost(sample: Callable[[], Any], samples: int) -> Dict[str, float]:
    """Milliseconds for each sample."""
    walls: List[float] = []
    cpu = time.thread_time()
    for _ in range(samples):
        begun = time.perf_counter()
        sample()
        walls.append(time.perf_counter() - begun)
    cpu = time.thread_time() - cpu
    walls.sort()
    return {
        "samples": samples,
        "cpu_ms": round(1000 * cpu / samples, 3),
        "wall_ms": round(1000 * sum(walls) / samples, 3),
        "wall_ms_p99": round(1000 * walls[int(0.99 * samples)], 3),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
