import builtins
import os
import shutil
import sys
import threading
import unittest
from types import ModuleType, SimpleNamespace
from unittest import mock

from comfy_monitor_companion.measure import machine as machine_module
from comfy_monitor_companion.measure.machine import Machine
from comfy_monitor_companion.measure.sampler import Sampler
from comfy_monitor_companion.measure.troubles import Troubles

from .linux_trees import Tree

MEMINFO = "MemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable: 600 kB\nSwapTotal: 200 kB\nSwapFree: 150 kB"


class Times(SimpleNamespace):
    def _asdict(self):
        return vars(self)


class MachineCase(unittest.TestCase):
    def setUp(self):
        self.tree = Tree()
        self.addCleanup(self.tree.close)
        self.now = 100.0
        folders = ModuleType("folder_paths")
        folders.get_output_directory = lambda: self.tree.root
        patch = mock.patch.dict(sys.modules, {"folder_paths": folders})
        patch.start()
        self.addCleanup(patch.stop)

    def machine(self, psutil=None):
        return Machine(Troubles(), self.tree.root, psutil, lambda: self.now)


class WhatIsMeasured(MachineCase):
    def test_by_linux_itself(self):
        self.tree.write("proc/meminfo", MEMINFO)
        self.tree.write("proc/stat", "cpu  100 0 100 700 100 0 0 0 50 0\ncpu0 1 1 1 1")
        machine = self.machine()
        self.assertIsNone(machine.read()["cpu_percent"])
        self.tree.write("proc/stat", "cpu  150 0 125 725 100 0 0 0 75 0\ncpu0 1 1 1 1")
        self.now += 1
        figures = machine.read()
        self.assertEqual(figures["cpu_percent"], 75)  # guests are part of the first number
        self.assertEqual(figures["ram"], {"used": 400 * 1024, "total": 1000 * 1024})
        self.assertEqual(figures["swap"], {"used": 50 * 1024, "total": 200 * 1024})
        self.assertEqual(figures["missing"], {})

    def test_by_psutil(self):
        times = Times(user=10.0, system=20.0, idle=70.0, interrupt=3.0, dpc=2.0)
        psutil = SimpleNamespace(
            cpu_times=lambda: times,
            virtual_memory=lambda: SimpleNamespace(total=1000, available=300, used=1),
            swap_memory=lambda: SimpleNamespace(total=0, used=0),
        )
        machine = self.machine(psutil)
        machine.read()
        self.now += 1
        times.user, times.idle = 11.0, 72.0
        figures = machine.read()
        self.assertEqual(figures["cpu_percent"], 33.3)
        self.assertEqual((figures["ram"], figures["swap"]), ({"used": 700, "total": 1000}, {"used": 0, "total": 0}))

    def test_the_disk_of_the_output_folder_at_most_every_ten_seconds(self):
        machine = self.machine()
        asked = []
        real = shutil.disk_usage
        with mock.patch.object(shutil, "disk_usage", lambda path: asked.append(path) or real(path)):
            for _ in range(25):
                disk = machine.read()["disk"]
                self.now += 1
        self.assertEqual(asked, [self.tree.root] * 3)
        self.assertEqual((disk["path"], disk["total"]), (self.tree.root, real(self.tree.root).total))
        self.assertTrue(0 < disk["used"] <= disk["total"])
        self.assertTrue(0 <= disk["free"] <= disk["total"] - disk["used"])

    def test_the_processor_not_over_a_time_when_nobody_listened(self):
        self.tree.write("proc/stat", "cpu  100 0 100 700")
        machine = self.machine()
        machine.read()
        self.tree.write("proc/stat", "cpu  900 0 900 800")
        self.now += 3600
        self.assertIsNone(machine.read()["cpu_percent"])


class BadInput(MachineCase):
    def test_everything_that_fails_is_missing_with_its_reason(self):
        psutil = SimpleNamespace(cpu_times=lambda: 1 / 0, virtual_memory=lambda: SimpleNamespace(total=1, available=5))
        with mock.patch.dict(sys.modules):
            del sys.modules["folder_paths"]
            with self.assertLogs("comfy_monitor_companion", "INFO") as logs:
                machine = self.machine(psutil)
                for _ in range(5):
                    figures = machine.read()
        self.assertEqual(len(logs.records), 4)
        self.assertEqual([figures[name] for name in ("cpu_percent", "ram", "swap", "disk")], [None] * 4)
        self.assertEqual(sorted(figures["missing"]), ["cpu_percent", "disk", "ram", "swap"])

    def test_a_disk_that_does_not_answer_holds_up_nothing_and_is_not_asked_twice(self):
        answer = threading.Event()
        self.addCleanup(answer.set)
        asked = []
        machine = self.machine()
        hanging = mock.patch.object(shutil, "disk_usage", lambda path: asked.append(path) or answer.wait())
        with hanging, mock.patch.object(machine_module, "DISK_PATIENCE", 0.01):
            for _ in range(30):
                figures = machine.read()
                self.now += 1
        self.assertEqual((figures["disk"], len(asked)), (None, 1))
        self.assertIn("does not answer", figures["missing"]["disk"])

    def test_an_output_folder_that_is_gone_says_so(self):
        sys.modules["folder_paths"].get_output_directory = lambda: os.path.join(self.tree.root, "gone")
        self.assertEqual(self.machine().read()["missing"]["disk"], os.strerror(2))

    def test_without_psutil_linux_is_asked(self):
        self.tree.write("proc/meminfo", MEMINFO)
        real_import = builtins.__import__

        def without_psutil(name, *args, **kwargs):
            if name == "psutil":
                raise ImportError(name)
            return real_import(name, *args, **kwargs)

        with mock.patch.object(builtins, "__import__", without_psutil):
            machine = Machine(Troubles(), self.tree.root, clock=lambda: self.now)
        self.assertEqual(machine.read()["ram"]["total"], 1000 * 1024)


class Sample(unittest.TestCase):
    def test_has_the_machine_and_its_gpus(self):
        gpu = SimpleNamespace(message=lambda: {"name": "a GPU"})
        sampler = Sampler(SimpleNamespace(read=lambda: {"cpu_percent": 5}), SimpleNamespace(read=lambda: [gpu]))
        self.assertEqual(sampler.sample(), {"cpu_percent": 5, "gpus": [{"name": "a GPU"}]})
