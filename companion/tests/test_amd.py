import os
import unittest
from pathlib import Path
from unittest import mock

from comfy_monitor_companion.measure.gpus.linux import sysfs
from comfy_monitor_companion.measure.gpus.linux.amd import amd_gpus
from comfy_monitor_companion.measure.gpus.linux.own_memory import OwnMemory
from comfy_monitor_companion.measure.troubles import Troubles

from .linux_trees import GIB, Tree, amd_card, amd_metrics

LOG = "comfy_monitor_companion.measure"
HWMON = "hwmon/hwmon4"


@unittest.skipIf(os.name == "nt", "the files of Linux cannot be made on Windows")
class AmdCase(unittest.TestCase):
    def setUp(self):
        self.tree = Tree()
        self.addCleanup(self.tree.close)
        self.now = 100.0
        self.own = OwnMemory(self.tree.root, lambda: self.now)
        self.amd = amd_gpus(Troubles(), self.own, self.tree.root, lambda: self.now)
        Path(self.tree.root, "proc/self/fd").mkdir(parents=True)

    def read(self):
        self.own.begin()
        return [gpu.message() for gpu in self.amd.read()]

    def one(self):
        (gpu,) = self.read()
        return gpu


class WhatIsMeasured(AmdCase):
    def test_everything_that_a_card_tells(self):
        amd_card(self.tree)
        self.tree.write("usr/share/libdrm/amdgpu.ids", "1.0.0\n744C,\tC4,\tother\n744C,\tC8,\tAMD Radeon RX 7900 XTX")
        self.tree.kfd(1, 4711, 3 << 8, own=17 * GIB)
        self.assertEqual(
            self.one(),
            {
                "uuid": "GPU-2d0d9c5bd6a4f2f1", "pci": "0000:03:00.0", "name": "AMD Radeon RX 7900 XTX",
                "integrated": False, "lost": False, "device": None, "used": None, "load_percent": 98, "temperature": 61,
                "temperature_limit": 100, "vram_used": 18 * GIB, "vram_total": 24 * GIB, "vram_own": 17 * GIB,
                "vram_reserved": None, "shared_used": 3 * GIB, "power": 303.5, "power_limit": 339, "fan_percent": 50,
                "core_clock": 2482, "memory_clock": 1249, "throttled_by": [], "missing": {},
            },
        )  # fmt: skip

    def test_cards_of_other_makers_and_plugs_are_left_out(self):
        amd_card(self.tree, 1)
        self.tree.card(0, "nvidia", "0000:01:00.0", "10DE:2684", {})
        self.assertEqual([gpu["pci"] for gpu in self.read()], ["0000:03:00.0"])

    def test_a_name_from_anywhere_or_else_its_number(self):
        device = amd_card(self.tree)
        names = [self.one()["name"]]
        for path, content in (
            ("usr/share/misc/pci.ids", "1001  Other\n\t744c  No\n1002  AMD\n\t744c  Navi 31 [Radeon RX 7900 XTX]\n10de  N"),
            (f"{device}/product_name", "AMD Instinct MI210"),
        ):
            self.tree.write(path, content)
            self.amd = amd_gpus(Troubles(), self.own, self.tree.root, lambda: self.now)
            names.append(self.one()["name"])
        self.assertEqual(names, ["AMD GPU 0x744c", "AMD Navi 31 [Radeon RX 7900 XTX]", "AMD Instinct MI210"])

    def test_sensors_that_other_chips_have(self):
        device = amd_card(self.tree)
        for name in ("temp1_label", "temp1_input", "temp1_crit", "power1_average", "fan1_max"):
            self.tree.remove(f"{device}/{HWMON}/{name}")
        self.tree.write(f"{device}/{HWMON}/power1_input", 65_000_000)
        gpu = self.one()
        self.assertEqual((gpu["temperature"], gpu["temperature_limit"], gpu["power"]), (83, 110, 65))
        self.assertEqual(gpu["fan_percent"], 38.0)

    def test_graphics_of_a_processor_are_integrated(self):
        amd_card(self.tree, gpu_metrics=amd_metrics((2, 2), 1 << 40, 128, 120))
        gpu = self.one()
        self.assertEqual((gpu["integrated"], gpu["throttled_by"]), (True, ["heat"]))


class Throttling(AmdCase):
    def test_is_told_by_groups_of_reasons(self):
        device = amd_card(self.tree)
        for bits, words in (
            (1 << 0, ["power_limit"]),
            (1 << 16 | 1 << 33, ["power_limit", "heat"]),
            (1 << 36, []),  # set nearly always
            (1 << 57, []),
        ):
            self.tree.write(f"{device}/gpu_metrics", amd_metrics((1, 3), bits, 120, 112))
            self.assertEqual(self.one()["throttled_by"], words)

    def test_is_not_guessed_from_other_versions_or_broken_ones(self):
        device = amd_card(self.tree)
        for metrics in (
            amd_metrics((1, 4), 1, 288, 112),
            amd_metrics((3, 0), 1, 264, 112),
            amd_metrics((1, 3), 2**64 - 1, 120, 112),
            amd_metrics((1, 3), 1, 120, 112)[:100],
            b"",
        ):
            self.tree.write(f"{device}/gpu_metrics", metrics)
            gpu = self.one()
            self.assertIsNone(gpu["throttled_by"])
            self.assertIn("throttled_by", gpu["missing"])


class OwnMemoryOfTheProcess(AmdCase):
    def test_is_what_its_open_devices_hold_each_once(self):
        amd_card(self.tree)
        self.tree.graphics_file(20, "0000:03:00.0", 7, memory_vram="1024 KiB", memory_gtt="99 KiB")
        self.tree.graphics_file(21, "0000:03:00.0", 7, memory_vram="1024 KiB")
        self.tree.graphics_file(22, "0000:03:00.0", 8, total_vram="5 MiB", resident_vram="2 MiB")
        self.tree.graphics_file(23, "0000:44:00.0", 9, memory_vram="500 MiB")
        self.assertEqual(self.one()["vram_own"], 3 << 20)

    def test_is_nothing_before_it_computes(self):
        amd_card(self.tree)
        self.tree.kfd(1, 4711, 3 << 8)
        self.assertEqual(self.one()["vram_own"], 0)

    def test_is_that_of_the_compute_driver_for_the_gpu_at_this_address(self):
        amd_card(self.tree)
        amd_card(self.tree, 1, "0000:0b:00.0")
        self.tree.kfd(0, 0, 0)
        self.tree.kfd(1, 111, 0x0B << 8, own=5)
        self.tree.kfd(2, 222, 3 << 8, own=7)
        self.assertEqual([gpu["vram_own"] for gpu in self.read()], [7, 5])


class BadInput(AmdCase):
    def test_a_card_that_sleeps_is_not_woken(self):
        device = amd_card(self.tree)
        self.read()
        self.tree.write(f"{device}/power/runtime_status", "suspended")
        opened = []
        real_open = os.open
        with mock.patch.object(sysfs.os, "open", lambda path, *args: opened.append(path) or real_open(path, *args)):
            gpu = self.one()
        self.assertEqual([os.path.relpath(path, self.tree.root) for path in opened], [f"{device}/power/runtime_status"])
        self.assertEqual(gpu["missing"], {"all": "asleep, to save power"})
        self.assertIs(gpu["lost"], False)
        self.assertEqual((gpu["pci"], gpu["vram_total"], gpu["load_percent"]), ("0000:03:00.0", None, None))
        self.tree.write(f"{device}/power/runtime_status", "active")
        self.assertEqual(self.one()["load_percent"], 98)

    def test_odd_contents_cost_only_their_figure_and_one_line_of_the_log(self):
        odd = {
            "gpu_busy_percent": "N/A", "mem_info_vram_used": -1, f"{HWMON}/temp1_input": 65_261_850,
            f"{HWMON}/power1_average": "[Not Supported]", f"{HWMON}/freq1_input": "", "mem_info_gtt_used": "9" * 400,
            f"{HWMON}/fan1_input": b"\xff\xfe",
        }  # fmt: skip
        amd_card(self.tree, **odd)
        with self.assertLogs(LOG, "INFO") as logs:
            for _ in range(10):
                gpu = self.one()
        bad = ("load_percent", "vram_used", "temperature", "power", "core_clock", "shared_used", "fan_percent")
        for figure in bad:
            self.assertIsNone(gpu[figure], figure)
        self.assertEqual(sorted(gpu["missing"]), sorted(bad))
        self.assertEqual(len(logs.output), len(bad))
        self.assertEqual((gpu["vram_total"], gpu["temperature_limit"], gpu["memory_clock"]), (24 * GIB, 100, 1249))

    def test_files_that_are_missing_or_folders_are_no_figures(self):
        device = amd_card(self.tree)
        for name in ("gpu_busy_percent", "mem_info_vram_total"):
            self.tree.remove(f"{device}/{name}")
        os.mkdir(os.path.join(self.tree.root, device, "gpu_busy_percent"))
        gpu = self.one()
        self.assertEqual(gpu["missing"]["vram_total"], "the driver does not tell it")
        self.assertIn("directory", gpu["missing"]["load_percent"])
        self.assertEqual(gpu["vram_used"], 18 * GIB)

    def test_files_without_rights_say_so(self):
        amd_card(self.tree)
        real_open = os.open

        def refuse(path, *args):
            if path.endswith("power1_average"):
                raise PermissionError(13, "Permission denied")
            return real_open(path, *args)

        with mock.patch.object(sysfs.os, "open", refuse):
            gpu = self.one()
        self.assertEqual(gpu["missing"], {"power": "Permission denied"})

    def test_a_card_that_is_lost_stays_in_its_place_without_figures_until_it_is_back(self):
        amd_card(self.tree)
        amd_card(self.tree, 1, "0000:0b:00.0")
        self.read()
        card = Path(self.tree.root, "sys/class/drm/card0")
        card.rename(card.with_name("gone"))
        lost, other = self.read()
        self.assertEqual((lost["pci"], lost["lost"], lost["vram_total"]), ("0000:03:00.0", True, None))
        self.assertEqual(list(lost["missing"]), ["all"])
        self.assertEqual((other["lost"], other["load_percent"]), (False, 98))
        card.with_name("gone").rename(card.with_name("card2"))  # a reset gives it another number
        self.now += 31
        self.assertEqual([gpu["load_percent"] for gpu in self.read()], [98, 98])
