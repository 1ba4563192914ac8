"""File trees as Linux' graphics drivers show them, written into a folder."""

import os
import struct
import tempfile
from pathlib import Path
from typing import Any, Dict, Tuple

GIB = 1 << 30


class Tree:
    """A root folder that the code under test takes for `/`."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.root = self._folder.name

    def close(self) -> None:
        self._folder.cleanup()

    def write(self, path: str, content: Any) -> None:
        file = Path(self.root, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else f"{content}\n".encode())

    def write_all(self, folder: str, files: Dict[str, Any]) -> None:
        for name, content in files.items():
            self.write(f"{folder}/{name}", content)

    def remove(self, path: str) -> None:
        Path(self.root, path).unlink()

    def card(self, number: int, driver: str, pci: str, ids: str, files: Dict[str, Any]) -> str:
        """A card, with the files of its device; the folder of that."""
        device = f"sys/class/drm/card{number}/device"
        self.write(f"sys/class/drm/card{number}-DP-1/status", "connected")
        self.write(f"{device}/uevent", f"DRIVER={driver}\nPCI_CLASS=30000\nPCI_ID={ids}\nPCI_SLOT_NAME={pci}")
        self.write(f"{device}/power/runtime_status", "active")
        self.write_all(device, files)
        return device

    def graphics_file(self, number: int, pci: str, client: int, **amounts: str) -> None:
        """A graphics device that this process has opened."""
        fields = "\n".join(f"drm-{name.replace('_', '-')}:\t{value}" for name, value in amounts.items())
        self.write(f"proc/self/fdinfo/{number}", f"pos:\t0\nflags:\t02\ndrm-pdev:\t{pci}\ndrm-client-id:\t{client}\n{fields}")
        link = Path(self.root, f"proc/self/fd/{number}")
        link.parent.mkdir(parents=True, exist_ok=True)
        os.symlink("/dev/dri/renderD128", link)

    def kfd(self, node: int, gpu_id: int, location: int, own: Any = None) -> None:
        """A GPU of the compute driver, and what this process holds there."""
        folder = f"sys/class/kfd/kfd/topology/nodes/{node}"
        self.write(f"{folder}/gpu_id", gpu_id)
        self.write(f"{folder}/properties", f"cpu_cores_count 0\nsimd_count 192\nlocation_id {location}\ndomain 0")
        if own is not None:
            self.write(f"sys/class/kfd/kfd/proc/{os.getpid()}/vram_{gpu_id}", own)


def amd_metrics(version: Tuple[int, int], throttling: int, size: int, offset: int) -> bytes:
    """The driver's gpu_metrics with its word about throttling."""
    metrics = bytearray(b"\x11" * size)
    struct.pack_into("<HBB", metrics, 0, size, *version)
    struct.pack_into("<Q", metrics, offset, throttling)
    return bytes(metrics)


def amd_card(tree: Tree, number: int = 0, pci: str = "0000:03:00.0", **files: Any) -> str:
    """A busy RX 7900 XTX."""
    sensors = {
        "name": "amdgpu", "temp1_label": "edge", "temp1_input": 61000, "temp1_crit": 100000, "temp2_label": "junction",
        "temp2_input": 83000, "temp2_crit": 110000, "temp3_label": "mem", "temp3_input": 78000,
        "power1_average": 303_500_000, "power1_cap": 339_000_000, "fan1_input": 1650, "fan1_max": 3300, "pwm1": 97,
        "freq1_label": "sclk", "freq1_input": 2_482_000_000, "freq2_label": "mclk", "freq2_input": 1_249_000_000,
    }  # fmt: skip
    return tree.card(
        number,
        "amdgpu",
        pci,
        "1002:744C",
        {
            "vendor": "0x1002", "device": "0x744c", "revision": "0xc8", "unique_id": "2d0d9c5bd6a4f2f1",
            "gpu_busy_percent": 98, "mem_info_vram_total": 24 * GIB, "mem_info_vram_used": 18 * GIB,
            "mem_info_gtt_used": 3 * GIB, "mem_info_gtt_total": 32 * GIB,
            "gpu_metrics": amd_metrics((1, 3), 0, 120, 112),
            **{f"hwmon/hwmon4/{name}": content for name, content in sensors.items()}, **files,
        },
    )  # fmt: skip


def xe_card(tree: Tree, number: int = 0, pci: str = "0000:03:00.0", **files: Any) -> str:
    """A busy Arc B580."""
    sensors = {
        "name": "xe", "energy1_label": "card", "energy1_input": 5_000_000_000, "energy2_label": "pkg",
        "energy2_input": 4_000_000_000, "power1_label": "card", "power1_max": 190_000_000, "temp2_label": "pkg",
        "temp2_input": 64000, "temp2_crit": 100000, "temp3_label": "vram", "temp3_input": 70000, "fan1_input": 1400,
    }  # fmt: skip
    quiet = dict.fromkeys(("status", "reason_pl1", "reason_pl2", "reason_thermal", "reason_prochot", "reason_ratl"), 0)
    device = tree.card(
        number,
        "xe",
        pci,
        "8086:E20B",
        {
            "tile0/gt0/freq0/act_freq": 2850, "tile0/gt1/freq0/act_freq": 1500,
            "tile0/physical_vram_size_bytes": "0x2f8000000",
            **{f"tile0/gt0/freq0/throttle/{name}": value for name, value in quiet.items()},
            **{f"hwmon/hwmon5/{name}": content for name, content in sensors.items()}, **files,
        },
    )  # fmt: skip
    return device
