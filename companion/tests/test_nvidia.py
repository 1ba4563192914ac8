import ctypes
import sys
import unittest
from types import ModuleType
from unittest import mock

from comfy_monitor_companion.measure.gpus import nvidia_gpu
from comfy_monitor_companion.measure.gpus.nvidia import Nvidia
from comfy_monitor_companion.measure.gpus.nvml import open_nvml
from comfy_monitor_companion.measure.troubles import Troubles

from .fake_nvml import FAN, GIB, LIMIT, LOAD, MEMORY, MEMORY_V2, POWER, PROCESSES, FakeNvml, compiler

LOG = "comfy_monitor_companion.measure"


@unittest.skipUnless(compiler(), "no C compiler to make a stand-in for NVIDIA's library")
class NvidiaCase(unittest.TestCase):
    def start(self, *defines):
        self.nvml = FakeNvml(*defines)
        self.addCleanup(self.nvml.folder.cleanup)
        self.now = 100.0
        without_pynvml = mock.patch.dict(sys.modules, {"pynvml": None})
        without_pynvml.start()
        self.addCleanup(without_pynvml.stop)
        self.nvidia = Nvidia(Troubles(), lambda: open_nvml([self.nvml.path]), lambda: self.now)
        return self.nvml

    def read(self):
        return [gpu.message() for gpu in self.nvidia.read()]


class WhatIsMeasured(NvidiaCase):
    def test_everything_that_a_card_tells(self):
        self.start().add(0, reasons=0x4)
        (gpu,) = self.read()
        self.assertEqual(
            gpu,
            {
                "uuid": "GPU-0", "pci": "0000:01:00.0", "name": "NVIDIA GeForce RTX 4090", "integrated": False,
                "lost": False, "device": None, "used": None, "load_percent": 97, "temperature": 71, "temperature_limit": 90,
                "vram_used": 20 * GIB, "vram_total": 24 * GIB, "vram_own": 18 * GIB, "vram_reserved": None,
                "shared_used": None, "power": 412.3, "power_limit": 450, "fan_percent": 60, "core_clock": 2700,
                "memory_clock": 10_501, "throttled_by": ["power_limit"],
                "missing": {"shared_used": "NVIDIA's driver does not tell it"},
            },
        )  # fmt: skip

    def test_every_card_of_many_also_equal_ones(self):
        nvml = self.start()
        for index in range(8):
            nvml.add(index, load=index)
        self.assertEqual([gpu["load_percent"] for gpu in self.read()], list(range(8)))
        self.assertEqual(len({gpu["uuid"] for gpu in self.read()}), 8)

    def test_why_clocks_are_low(self):
        gpu = self.start().add(0)
        for bits, words in (
            (0x1 | 0x2 | 0x10 | 0x100, []),
            (0x20, ["heat"]),
            (0x8 | 0x40, ["heat"]),
            (0x8 | 0x80, ["power_brake"]),
            (0x8, ["hardware"]),
            (0x4 | 0x20, ["power_limit", "heat"]),
        ):
            gpu.reasons = bits
            self.assertEqual(self.read()[0]["throttled_by"], words)

    def test_what_a_card_does_not_support_is_missing_with_its_reason_and_nothing_else(self):
        self.start().add(0, refused_mask=FAN | POWER | LIMIT | LOAD)
        (gpu,) = self.read()
        refused = ("fan_percent", "power", "power_limit", "temperature_limit", "load_percent")
        for figure in refused:
            self.assertIsNone(gpu[figure])
            self.assertEqual(gpu["missing"][figure], "this GPU does not tell it")
        self.assertEqual((gpu["temperature"], gpu["vram_used"]), (71, 20 * GIB))

    def test_absurd_values_are_no_figures(self):
        self.start().add(0, load=0xFFFFFFFF, temperature=0xFFFFFFFF, fan=250, power=2**31, core=0xFFFFFFFF, limit=0)
        (gpu,) = self.read()
        for figure in ("load_percent", "temperature", "fan_percent", "power", "core_clock", "temperature_limit"):
            self.assertIsNone(gpu[figure], figure)
            self.assertIn(figure, gpu["missing"])

    def test_memory_that_the_driver_keeps_for_itself_is_not_used(self):
        nvml = self.start()
        nvml.add(0)
        nvml.add(1, refused_mask=MEMORY_V2)
        self.assertEqual([gpu["vram_used"] for gpu in self.read()], [20 * GIB, 20 * GIB + GIB // 2])

    def test_a_chip_without_memory_of_its_own_is_not_called_a_card(self):
        self.start().add(0, "NVIDIA GB10", refused_mask=MEMORY)
        (gpu,) = self.read()
        self.assertIsNone(gpu["integrated"])
        self.assertIn("vram_used", gpu["missing"])
        self.assertIn("vram_total", gpu["missing"])


class OwnMemory(NvidiaCase):
    def test_is_found_among_hundreds_of_processes(self):
        self.start().add(0, others=500)
        self.assertEqual(self.read()[0]["vram_own"], 18 * GIB)

    def test_is_found_where_the_process_only_draws(self):
        self.start().add(0, graphics_only=1)
        self.assertEqual(self.read()[0]["vram_own"], 18 * GIB)

    def test_is_not_told_by_windows(self):
        self.start().add(0, own=0xFFFFFFFFFFFFFFFF)
        (gpu,) = self.read()
        self.assertIsNone(gpu["vram_own"])
        self.assertIn("on this system", gpu["missing"]["vram_own"])

    def test_is_nothing_if_the_driver_does_not_list_the_process(self):
        self.start().add(0, pid=0)
        with mock.patch.object(nvidia_gpu, "_pids_are_the_drivers", return_value=True):
            self.assertEqual(self.read()[0]["vram_own"], 0)

    def test_is_unknown_in_a_container_whose_numbers_the_driver_does_not_know(self):
        self.start().add(0, pid=0)
        with mock.patch.object(nvidia_gpu, "_pids_are_the_drivers", return_value=False):
            (gpu,) = self.read()
        self.assertIsNone(gpu["vram_own"])
        self.assertIn("container", gpu["missing"]["vram_own"])

    def test_is_missing_where_lists_are_not_supported(self):
        self.start().add(0, refused_mask=PROCESSES)
        self.assertEqual(self.read()[0]["missing"]["vram_own"], "this GPU does not tell it")


class OtherDrivers(NvidiaCase):
    def test_an_old_one_is_asked_the_old_way_and_lacks_what_it_does_not_have(self):
        self.start("NO_MEMORY_V2", "OLD_PROCESSES", "OLD_REASONS", "NO_MIG", "NO_POWER_LIMIT").add(0, reasons=0x20)
        with self.assertLogs(LOG, "INFO") as logs:
            for _ in range(5):
                (gpu,) = self.read()
        self.assertEqual(gpu["vram_used"], 20 * GIB + GIB // 2)
        self.assertEqual((gpu["vram_own"], gpu["throttled_by"]), (18 * GIB, ["heat"]))
        self.assertEqual(gpu["missing"]["power_limit"], "NVIDIA's driver is too old to tell it")
        self.assertEqual(len(logs.output), 1, logs.output)

    def test_a_new_one_is_asked_the_new_way(self):
        self.start("NEW_TEMPERATURE").add(0)
        self.assertEqual(self.read()[0]["temperature"], 71)

    def test_pynvml_is_used_where_it_is_installed(self):
        nvml = self.start()
        nvml.add(0)
        pynvml = ModuleType("pynvml")
        pynvml.nvmlLib = None

        def init():
            pynvml.nvmlLib = ctypes.CDLL(nvml.path)
            pynvml.nvmlLib.nvmlInit_v2()

        pynvml.nvmlInit, pynvml.nvmlShutdown = init, lambda: pynvml.nvmlLib.nvmlShutdown()
        with mock.patch.dict(sys.modules, {"pynvml": pynvml}):
            nvidia = Nvidia(Troubles(), lambda: open_nvml(["/nowhere"]))
            self.assertEqual([gpu.values["load_percent"] for gpu in nvidia.read()], [97])
        self.assertEqual(nvml.get("running"), 1)

    def test_a_broken_pynvml_is_done_without(self):
        self.start().add(0)
        broken = ModuleType("pynvml")
        broken.nvmlInit = lambda: 1 / 0
        with mock.patch.dict(sys.modules, {"pynvml": broken}):
            self.assertEqual(len(self.read()), 1)

    def test_none_is_no_trouble(self):
        nvidia = Nvidia(Troubles(), lambda: open_nvml(["/nowhere/libnvidia-ml.so.1"]))
        with mock.patch.dict(sys.modules, {"pynvml": None}), self.assertNoTrouble():
            self.assertEqual(nvidia.read(), [])
        self.assertIsNone(nvidia.trouble)

    def assertNoTrouble(self):
        return mock.patch.object(Troubles, "note", side_effect=AssertionError("there was trouble"))


class Slices(NvidiaCase):
    def start_divided(self):
        nvml = self.start()
        nvml.add(0, "NVIDIA A100-SXM4-80GB", mig=1, slices=2)
        nvml.add(8, "NVIDIA A100-SXM4-80GB MIG 1g.10gb", uuid=b"MIG-a", total=10 * GIB, used=GIB, own=7, refused_mask=LOAD)
        nvml.add(9, "", uuid=b"MIG-b", total=20 * GIB, used=3 * GIB, pid=0, slice_gpu=2, slice_compute=1, slice_mb=19_968)
        return nvml

    def test_are_gpus_of_their_own_in_the_place_of_the_divided_one(self):
        self.start_divided()
        first, second = self.read()
        self.assertEqual((first["uuid"], first["name"]), ("MIG-a", "NVIDIA A100-SXM4-80GB MIG 1g.10gb"))
        self.assertEqual((second["uuid"], second["name"]), ("MIG-b", "NVIDIA A100-SXM4-80GB MIG 1c.2g.20gb"))
        self.assertEqual([gpu["vram_total"] for gpu in (first, second)], [10 * GIB, 20 * GIB])
        self.assertEqual([gpu["pci"] for gpu in (first, second)], ["0000:01:00.0"] * 2)
        self.assertEqual((first["vram_own"], first["temperature"]), (7, 71))
        self.assertEqual((first["load_percent"], first["power"]), (None, None))
        self.assertIn("MIG", first["missing"]["load_percent"])

    def test_are_found_when_they_are_made_and_go_when_they_are_dissolved(self):
        nvml = self.start_divided()
        nvml.gpus[0].mig = 2
        self.assertEqual([gpu["uuid"] for gpu in self.read()], ["GPU-0"])
        nvml.gpus[0].mig = 1
        self.now += 31
        self.assertEqual([gpu["uuid"] for gpu in self.read()], ["MIG-a", "MIG-b"])
        nvml.gpus[0].slices = 1
        self.now += 31
        self.assertEqual([gpu["uuid"] for gpu in self.read()], ["MIG-a"])


class Lost(NvidiaCase):
    def test_one_gpu_says_so_and_the_others_go_on(self):
        nvml = self.start()
        for index in range(3):
            nvml.add(index)
        self.read()
        nvml.gpus[1].lost = 1
        with self.assertLogs(LOG, "INFO") as logs:
            for _ in range(100):
                gpus = self.read()
                self.now += 1
                self.assertEqual([gpu["load_percent"] for gpu in gpus], [97, None, 97])
                self.assertEqual(gpus[1]["missing"], {"all": "the driver lost the GPU"})
        self.assertEqual((gpus[1]["name"], gpus[1]["uuid"]), ("NVIDIA GeForce RTX 4090", "GPU-1"))
        self.assertEqual([gpu["lost"] for gpu in gpus], [False, True, False])
        self.assertEqual([gpu["integrated"] for gpu in gpus], [False] * 3)
        self.assertEqual(len(logs.output), 1, logs.output)

    def test_it_comes_back_when_the_driver_has_it_again(self):
        nvml = self.start()
        nvml.add(0)
        nvml.add(1)
        self.read()
        nvml.gpus[1].lost = 1
        self.read()
        nvml.gpus[1].lost = 0
        self.now += 6
        self.assertEqual([gpu["load_percent"] for gpu in self.read()], [97, 97])

    def test_the_library_is_started_anew_after_growing_pauses(self):
        nvml = self.start()
        nvml.add(0)
        self.read()
        nvml.set("call_error", 1)
        for _ in range(600):
            self.now += 1
            (gpu,) = self.read()
            self.assertIn("all", gpu["missing"])
            self.assertIs(gpu["lost"], False)  # nobody knows
        self.assertLess(nvml.get("inits"), 10)
        nvml.set("call_error", 0)
        self.now += 301
        self.assertEqual(self.read()[0]["load_percent"], 97)

    def test_a_library_that_does_not_fit_its_driver_says_so_and_is_not_asked_every_second(self):
        nvml = self.start()
        nvml.add(0)
        nvml.set("init_error", 18)
        with self.assertLogs(LOG, "INFO") as logs:
            for _ in range(20):
                self.assertEqual(self.read(), [])
                self.now += 1
        self.assertIn("differ in version", str(self.nvidia.trouble))
        self.assertEqual((len(logs.output), nvml.get("inits")), (1, 3))
        nvml.set("init_error", 0)
        self.now += 300
        self.assertEqual(self.read()[0]["load_percent"], 97)
