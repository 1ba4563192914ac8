import importlib
import re
import sys
import unittest
from pathlib import Path
from types import ModuleType, SimpleNamespace
from unittest import mock

from .fake_comfyui import FakeExecutor, FakeServer

PACKAGE = Path(__file__).parent.parent / "comfy_monitor_companion"


def load():
    """Load the package the way a start of ComfyUI (or a reload of its custom nodes) does."""
    package = sys.modules.get("comfy_monitor_companion")
    return importlib.reload(package) if package else importlib.import_module("comfy_monitor_companion")


def comfyui(instance):
    """The modules the package finds inside ComfyUI."""
    modules = {name: ModuleType(name) for name in ("server", "execution", "aiohttp")}
    modules["server"].PromptServer = SimpleNamespace(instance=instance)
    modules["execution"].PromptExecutor = type(
        "PromptExecutor", (FakeExecutor,), {"add_message": FakeExecutor.add_message}
    )
    modules["aiohttp"].web = SimpleNamespace(json_response=lambda body, status=200: (status, body))
    return mock.patch.dict(sys.modules, modules)


class Loading(unittest.IsolatedAsyncioTestCase):
    async def test_inside_comfyui_it_adds_routes_and_no_nodes(self):
        server = FakeServer()
        with comfyui(server):
            package = load()
        self.assertEqual((package.NODE_CLASS_MAPPINGS, package.NODE_DISPLAY_NAME_MAPPINGS), ({}, {}))
        self.assertEqual(
            sorted(server.routes.handlers), [("GET", "/comfy_monitor/info"), ("POST", "/comfy_monitor/relay")]
        )
        self.assertIn("send_sync", vars(server))

    async def test_its_version_is_the_one_of_the_registry(self):
        server = FakeServer()
        with comfyui(server):
            load()
        _, body = await server.routes.handlers["GET", "/comfy_monitor/info"](None)
        self.assertRegex(body["version"], r"^\d+\.\d+\.\d+$")
        project = (PACKAGE / "pyproject.toml").read_text(encoding="utf-8")
        self.assertEqual(re.findall(r'^version = "(.*)"$', project, re.MULTILINE), [body["version"]])

    async def test_without_its_measuring_part_it_relays_and_says_so(self):
        server = FakeServer()
        name = "comfy_monitor_companion.measure.telemetry"
        with comfyui(server), mock.patch.dict(sys.modules, {name: None}):
            with self.assertLogs("comfy_monitor_companion", "WARNING") as logs:
                load()
        self.assertEqual(len(logs.output), 1)
        _, body = await server.routes.handlers["GET", "/comfy_monitor/info"](None)
        self.assertIs(body["telemetry"], False)
        self.assertIn("send_sync", vars(server))

    async def test_loading_imports_nothing_that_measures(self):
        with comfyui(FakeServer()), mock.patch.dict(sys.modules):
            for module in [name for name in sys.modules if name.startswith("comfy_monitor_companion.measure")]:
                del sys.modules[module]
            load()
            loaded = [name for name in sys.modules if name.startswith("comfy_monitor_companion.measure.")]
        self.assertEqual(loaded, ["comfy_monitor_companion.measure.telemetry"])

    async def test_loaded_again_it_does_not_relay_twice(self):
        server = FakeServer()
        with comfyui(server):
            load()
            once, executor = server.send_sync, sys.modules["execution"].PromptExecutor.add_message
            load()
            self.assertIs(server.send_sync, once)
            self.assertIs(sys.modules["execution"].PromptExecutor.add_message, executor)
        self.assertEqual(server.routes.added, 2)

    async def test_without_comfyui_it_says_so_in_one_line_and_loads(self):
        with mock.patch.dict(sys.modules, {"server": None, "execution": None, "aiohttp": None}):
            with self.assertLogs("comfy_monitor_companion", "WARNING") as logs:
                package = load()
        self.assertEqual(package.NODE_CLASS_MAPPINGS, {})
        self.assertEqual(len(logs.output), 1)
        self.assertNotIn("\n", logs.output[0])

    async def test_a_server_it_does_not_know_is_left_alone(self):
        odd = SimpleNamespace(send_sync=print, routes=FakeServer().routes)
        for instance in (None, object(), odd):
            with comfyui(instance), self.assertLogs("comfy_monitor_companion", "WARNING") as logs:
                load()
            self.assertEqual(len(logs.output), 1)
        self.assertIs(odd.send_sync, print)
        self.assertEqual(odd.routes.handlers, {})
