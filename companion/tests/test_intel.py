import os
import unittest
from pathlib import Path

from comfy_monitor_companion.measure.gpus.linux.intel import intel_gpus
from comfy_monitor_companion.measure.gpus.linux.own_memory import OwnMemory
from comfy_monitor_companion.measure.troubles import Troubles

from .linux_trees import Tree, xe_card


@unittest.skipIf(os.name == "nt", "the files of Linux cannot be made on Windows")
class IntelCase(unittest.TestCase):
    def setUp(self):
        self.tree = Tree()
        self.addCleanup(self.tree.close)
        self.now = 100.0
        self.own = OwnMemory(self.tree.root, lambda: self.now)
        self.intel = intel_gpus(Troubles(), self.own, self.tree.root, lambda: self.now)
        Path(self.tree.root, "proc/self/fd").mkdir(parents=True)

    def one(self):
        self.own.begin()
        (gpu,) = self.intel.read()
        return gpu.message()


class Xe(IntelCase):
    def test_everything_that_a_card_tells(self):
        device = xe_card(self.tree)
        self.tree.write("usr/share/hwdata/pci.ids", "# list\n8086  Intel\n\te20b  Battlemage G21 [Arc B580]\n8087  Other")
        self.tree.graphics_file(9, "0000:03:00.0", 3, total_vram0="4096 MiB", resident_vram0="3072 MiB", total_gtt="1 GiB")
        self.one()
        self.now += 2
        self.tree.write(f"{device}/hwmon/hwmon5/energy1_input", 5_000_000_000 + 250_000_000)
        gpu = self.one()
        missing = gpu.pop("missing")
        self.assertEqual(
            gpu,
            {
                "uuid": None, "pci": "0000:03:00.0", "name": "Intel Arc B580", "integrated": False, "lost": False, "device": None,
                "used": None, "load_percent": None, "temperature": 64, "temperature_limit": 100, "vram_used": None,
                "vram_total": 0x2F8000000, "vram_own": 3 << 30, "vram_reserved": None, "shared_used": None,
                "power": 125.0, "power_limit": 190, "fan_percent": None, "core_clock": 2850, "memory_clock": None,
                "throttled_by": [],
            },
        )  # fmt: skip
        self.assertEqual(sorted(missing), ["fan_percent", "load_percent", "vram_used"])
        self.assertIn("performance", missing["load_percent"])

    def test_power_is_not_made_up_where_there_is_no_sample_before(self):
        device = xe_card(self.tree)
        energy = f"{device}/hwmon/hwmon5/energy1_input"
        self.assertIsNone(self.one()["power"])
        self.now += 1
        self.tree.write(energy, 7)  # the counter began anew
        self.assertIsNone(self.one()["power"])
        self.now += 1
        self.tree.write(energy, 7 + 80_000_000)
        self.assertEqual(self.one()["power"], 80)
        self.now += 3600  # nobody listened for an hour
        self.assertIsNone(self.one()["power"])

    def test_why_it_is_throttled(self):
        device = xe_card(self.tree)
        throttle = f"{device}/tile0/gt0/freq0/throttle"
        self.tree.write(f"{throttle}/status", 1)
        self.assertEqual(self.one()["throttled_by"], ["hardware"])
        self.tree.write(f"{throttle}/reason_pl1", 1)
        self.assertEqual(self.one()["throttled_by"], ["power_limit"])
        self.tree.write(f"{throttle}/reason_prochot", 1)
        self.assertEqual(self.one()["throttled_by"], ["power_limit", "heat"])
        self.tree.write(f"{throttle}/status", "N/A")
        self.assertIn("N/A", self.one()["missing"]["throttled_by"])

    def test_one_that_sleeps_is_left_asleep(self):
        device = xe_card(self.tree)
        self.tree.write(f"{device}/power/runtime_status", "suspended")
        self.assertEqual(self.one()["missing"], {"all": "asleep, to save power"})


class I915(IntelCase):
    def test_graphics_of_a_processor_tell_little_and_say_so(self):
        self.tree.card(0, "i915", "0000:00:02.0", "8086:4680", {})
        self.tree.write("sys/class/drm/card0/gt_act_freq_mhz", 1450)
        gpu = self.one()
        self.assertEqual((gpu["name"], gpu["integrated"], gpu["core_clock"]), ("Intel GPU 0x4680", True, 1450))
        self.assertTrue({"load_percent", "vram_total", "temperature", "power"} <= set(gpu["missing"]))

    def test_a_card(self):
        self.tree.card(0, "i915", "0000:03:00.0", "8086:56A0", {"hwmon/hwmon2/name": "i915"})
        self.tree.write_all(
            "sys/class/drm/card0",
            {
                "lmem_total_bytes": 17079205888, "gt_act_freq_mhz": 1, "gt/gt0/rps_act_freq_mhz": 2400,
                "gt/gt0/throttle_reason_status": 1, "gt/gt0/throttle_reason_thermal": 1,
                "gt/gt0/throttle_reason_pl1": 0,
            },
        )  # fmt: skip
        self.tree.graphics_file(9, "0000:03:00.0", 3, total_local0="100 MiB", total_system0="7 MiB")
        gpu = self.one()
        self.assertEqual((gpu["vram_total"], gpu["vram_own"], gpu["core_clock"]), (17079205888, 100 << 20, 2400))
        self.assertEqual(gpu["throttled_by"], ["heat"])
