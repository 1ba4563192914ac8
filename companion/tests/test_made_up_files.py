import json
import os
import random
import unittest
from pathlib import Path
from unittest import mock

from comfy_monitor_companion.measure.gpus.figures import BOUNDS
from comfy_monitor_companion.measure.gpus.linux.amd import amd_gpus
from comfy_monitor_companion.measure.gpus.linux.intel import intel_gpus
from comfy_monitor_companion.measure.gpus.linux.own_memory import OwnMemory
from comfy_monitor_companion.measure.troubles import Troubles

from .linux_trees import Tree, amd_card, xe_card

CONTENTS = (
    b"", b"\n", b"N/A", b"-1", b"nan", b"inf", b"1e400", b"0x", b"4294967295", b"18446744073709551615", b"9" * 5000,
    b"\xff\xfe\x00", "١٢".encode(), b"1 2", b"[Not Supported]", b"0", b"1_000", b"-9223372036854775808",
)  # fmt: skip


@unittest.skipIf(os.name == "nt", "the files of Linux cannot be made on Windows")
class WhateverFilesSay(unittest.TestCase):
    def test_costs_only_its_figure_and_is_never_a_figure_out_of_bounds(self):
        chance = random.Random(1)
        tree = Tree()
        self.addCleanup(tree.close)
        amd_card(tree, 0, "0000:03:00.0")
        xe_card(tree, 1, "0000:04:00.0")
        tree.kfd(1, 4711, 3 << 8, own=5)
        tree.graphics_file(20, "0000:04:00.0", 7, memory_vram0="1024 KiB")
        files = [path for path in Path(tree.root).rglob("*") if path.is_file() and path.name != "uevent"]
        with mock.patch.object(Troubles, "surprise", side_effect=AssertionError("nobody thought of this")):
            for _ in range(60):
                changed = {path: path.read_bytes() for path in chance.sample(files, 8)}
                for path in changed:
                    path.write_bytes(chance.choice((*CONTENTS, chance.randbytes(chance.randrange(200)))))
                self.check(tree)
                for path, content in changed.items():
                    path.write_bytes(content)

    def check(self, tree):
        own = OwnMemory(tree.root)
        for maker in (amd_gpus(Troubles(), own, tree.root), intel_gpus(Troubles(), own, tree.root)):
            for _ in range(2):
                own.begin()
                (gpu,) = maker.read()
                message = gpu.message()
                json.dumps(message, allow_nan=False)
                for figure, (least, most) in BOUNDS.items():
                    if message[figure] is not None:
                        self.assertTrue(least <= message[figure] <= most, (figure, message[figure]))
                self.assertLess(len(message["name"]), 201)
