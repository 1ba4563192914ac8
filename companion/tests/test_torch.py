import sys
import unittest
from types import SimpleNamespace
from unittest import mock

from comfy_monitor_companion.measure.gpus.all_gpus import AllGpus
from comfy_monitor_companion.measure.gpus.figures import GpuFigures
from comfy_monitor_companion.measure.gpus.matching import match
from comfy_monitor_companion.measure.gpus.torch_devices import TorchDevices
from comfy_monitor_companion.measure.troubles import Troubles

from .fake_torch import GIB, FakeBackend, address, properties, torch_loaded

TROUBLES = Troubles()


def measured(name="NVIDIA GeForce RTX 4090", bus=1, uuid=None, source="NVIDIA", total=24 * GIB, used=20 * GIB):
    """A GPU that a driver has told of."""
    gpu = GpuFigures(source, TROUBLES, name, uuid, f"0000:{bus:02x}:00.0")
    gpu.values.update(vram_total=total, vram_used=used)
    return gpu


class Complete(unittest.TestCase):
    def read(self, *gpus, trouble=None):
        nvidia = SimpleNamespace(read=lambda: list(gpus), trouble=trouble)
        return [gpu.message() for gpu in AllGpus(TROUBLES, nvidia=nvidia, linux=False).read()]

    def test_a_measured_gpu_is_told_its_number_its_use_and_what_is_reserved(self):
        cuda = FakeBackend([properties(**address(2)), properties(**address(1))])
        cuda.reserved = [7 * GIB, 0]
        with torch_loaded(cuda):
            first, second, third = self.read(measured(bus=1), measured(bus=2), measured(bus=3))
        self.assertEqual([gpu["device"] for gpu in (first, second, third)], [1, 0, None])
        self.assertEqual([gpu["used"] for gpu in (first, second, third)], [False, True, False])
        self.assertEqual([gpu["vram_reserved"] for gpu in (first, second, third)], [0, 7 * GIB, None])
        self.assertEqual(cuda.asked_for_memory, [])

    def test_a_second_gpu_is_used_as_soon_as_something_is_kept_there(self):
        cuda = FakeBackend([properties(**address(1)), properties(**address(2))])
        cuda.reserved = [0, GIB]
        with torch_loaded(cuda):
            self.assertEqual([gpu["used"] for gpu in self.read(measured(bus=1), measured(bus=2))], [True, True])

    def test_a_gpu_that_only_pytorch_knows_is_listed(self):
        cuda = FakeBackend([properties("AMD Radeon RX 7900 XTX", is_integrated=0, **address(3))])
        with torch_loaded(cuda, hip=True):
            (gpu,) = self.read()
        self.assertEqual((gpu["name"], gpu["pci"], gpu["device"]), ("AMD Radeon RX 7900 XTX", "0000:03:00.0", 0))
        self.assertEqual((gpu["vram_used"], gpu["vram_total"], gpu["integrated"]), (20 * GIB, 24 * GIB, False))
        self.assertIn("PyTorch", gpu["missing"]["load_percent"])

    def test_it_says_what_is_wrong_with_nvidias_library(self):
        with torch_loaded(FakeBackend([properties()])):
            (gpu,) = self.read(trouble="they differ")
        self.assertEqual(gpu["missing"]["load_percent"], "they differ")

    def test_memory_is_asked_only_of_gpus_in_use_that_nobody_else_measures(self):
        xpu = FakeBackend([properties("Intel(R) Arc(TM) B580 Graphics", 12 * GIB), properties("Other", 8 * GIB)])
        arc = measured("Intel Arc B580", source="xe", total=12 * GIB, used=None)
        nvidia = SimpleNamespace(read=lambda: [arc], trouble=None)
        with torch_loaded(xpu=xpu, main="xpu"):
            gpus = AllGpus(TROUBLES, nvidia=nvidia, linux=False).read()
        self.assertEqual(xpu.asked_for_memory, [0])
        self.assertEqual((arc.values["vram_used"], arc.values["device"], len(gpus)), (8 * GIB, 0, 2))

    def test_pytorch_that_is_not_there_or_not_started_is_left_alone(self):
        with torch_loaded(FakeBackend([properties()], started=False)):
            (gpu,) = self.read(measured())
        self.assertEqual((gpu["device"], gpu["used"], gpu["vram_reserved"]), (None, False, None))
        with mock.patch.dict(sys.modules):
            for name in ("torch", "comfy.model_management"):
                sys.modules.pop(name, None)
            (gpu,) = self.read(measured())
            self.assertNotIn("torch", sys.modules)
        self.assertEqual((gpu["device"], gpu["used"]), (None, None))

    def test_a_pytorch_that_fails_costs_nothing_but_what_it_knows(self):
        cuda = FakeBackend([properties(**address(1))])
        cuda.memory_stats_as_nested_dict = lambda number: 1 / 0
        with torch_loaded(cuda), self.assertLogs("comfy_monitor_companion", "WARNING"):
            (gpu,) = self.read(measured())
        self.assertEqual((gpu["device"], gpu["vram_reserved"], gpu["vram_used"]), (0, None, 20 * GIB))
        cuda.device_count = lambda: 1 / 0
        with torch_loaded(cuda), self.assertLogs("comfy_monitor_companion", "WARNING"):
            self.assertEqual(len(self.read(measured())), 1)

    def test_apples_gpu_is_known_by_its_memory(self):
        mps = SimpleNamespace(driver_allocated_memory=lambda: 9 * GIB, recommended_max_memory=lambda: 48 * GIB)
        with torch_loaded(mps=mps):
            (gpu,) = self.read()
        self.assertEqual((gpu["name"], gpu["integrated"], gpu["used"]), ("Apple M4 Max", True, True))
        self.assertEqual((gpu["vram_own"], gpu["vram_total"], gpu["vram_used"]), (9 * GIB, 48 * GIB, None))
        self.assertIn("load_percent", gpu["missing"])


class Matching(unittest.TestCase):
    def match(self, devices, gpus, hip=False, **environment):
        """The places of the GPUs in their list, by PyTorch's number."""
        with torch_loaded(FakeBackend(devices), hip=hip):
            found = match(TorchDevices(TROUBLES).list(), gpus, environment)
        return {device.number: gpus.index(gpu) for device, gpu in found.items()}

    def test_by_id(self):
        gpus = [measured(bus=1, uuid="GPU-aa-1"), measured(bus=2, uuid="GPU-BB-2")]
        self.assertEqual(self.match([properties(uuid="bb-2"), properties(uuid="aa-1")], gpus), {0: 1, 1: 0})

    def test_slices_at_the_same_address_by_id(self):
        gpus = [measured("A100 MIG", uuid="MIG-a"), measured("A100 MIG", uuid="MIG-b")]
        self.assertEqual(self.match([properties("A100", uuid="b", **address(1))], gpus), {0: 1})
        self.assertEqual(self.match([properties("A100", **address(1))], gpus, CUDA_VISIBLE_DEVICES="MIG-b"), {0: 1})

    def test_equal_ones_by_number_also_if_some_are_hidden(self):
        gpus = [measured(bus=bus) for bus in range(1, 9)]
        self.assertEqual(self.match([properties()] * 8, gpus), {number: number for number in range(8)})
        self.assertEqual(self.match([properties()] * 2, gpus, CUDA_VISIBLE_DEVICES="6,3"), {0: 6, 1: 3})

    def test_by_the_ids_that_are_visible(self):
        gpus = [measured("A", 1, "GPU-aa11"), measured("B", 2, "GPU-bb22")]
        self.assertEqual(self.match([properties("B")], gpus, CUDA_VISIBLE_DEVICES="GPU-bb"), {0: 1})

    def test_different_ones_by_name_and_memory_whatever_their_order(self):
        gpus = [measured("NVIDIA GeForce RTX 3060", 1, total=12 * GIB), measured("NVIDIA GeForce RTX 4090", 2)]
        devices = [properties(), properties("NVIDIA GeForce RTX 3060", 12 * GIB - 200 * 2**20)]
        self.assertEqual(self.match(devices, gpus), {0: 1, 1: 0})
        twins = [measured("RTX 3080", 1, total=10 * GIB), measured("RTX 3080", 2, total=12 * GIB)]
        devices = [properties("RTX 3080", 12 * GIB), properties("RTX 3080", 10 * GIB)]
        self.assertEqual(self.match(devices, twins, CUDA_VISIBLE_DEVICES="1,0"), {0: 1, 1: 0})

    def test_not_by_the_number_that_another_order_gives(self):
        gpus = [measured("Slow", 1), measured("Fast", 2)]
        self.assertEqual(self.match([properties("Fast")], gpus, CUDA_VISIBLE_DEVICES="0"), {0: 1})

    def test_doubtful_ones_not_at_all(self):
        gpus = [measured("Same", 1), measured("Same", 2), measured("Other", 3)]
        self.assertEqual(self.match([properties("Same")], gpus, CUDA_VISIBLE_DEVICES="1"), {})

    def test_only_with_gpus_of_its_maker(self):
        gpus = [measured("X", 1), measured("X", 2, source="amdgpu")]
        self.assertEqual(self.match([properties("X")], gpus, hip=True), {0: 1})
