import asyncio
import json
import unittest
from types import SimpleNamespace

from comfy_monitor_companion.relay import Relay
from comfy_monitor_companion.routes import MAX_BODY, add_routes

from .fake_comfyui import FakeServer


class Routes(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server = FakeServer()
        self.relay = Relay(self.server)
        add_routes(self.server.routes, self.relay, "1.2.3", lambda body, status=200: (status, body))

    async def ask(self, body, complete=True):
        content = asyncio.StreamReader()
        content.feed_data(body if isinstance(body, bytes) else json.dumps(body).encode())
        if complete:
            content.feed_eof()
        return await self.server.routes.handlers["POST", "/comfy_monitor/relay"](SimpleNamespace(content=content))

    async def test_a_monitor_finds_the_companion_and_its_version(self):
        answer = await self.server.routes.handlers["GET", "/comfy_monitor/info"](None)
        self.assertEqual(
            answer,
            (200, {"name": "comfy-monitor-companion", "version": "1.2.3", "protocol": 1, "telemetry": True}),
        )

    async def test_a_monitor_subscribes_its_open_socket_and_unsubscribes_it(self):
        self.server.connect("monitor")
        answer = await self.ask({"client_id": "monitor", "previews": True})
        self.assertEqual(answer, (200, {"protocol": 1, "relaying": True}))
        self.assertTrue(self.relay._monitors["monitor"].previews)
        answer = await self.ask({"client_id": "monitor", "relay": False})
        self.assertEqual(answer, (200, {"protocol": 1, "relaying": False}))
        self.assertEqual(self.relay._monitors, {})

    async def test_previews_are_off_unless_asked_for(self):
        self.server.connect("monitor")
        await self.ask({"client_id": "monitor"})
        self.assertFalse(self.relay._monitors["monitor"].previews)

    async def test_telemetry_is_off_unless_asked_for_and_can_be_switched(self):
        wanted = []
        self.relay.measure_by(wanted.append)
        self.server.connect("monitor")
        for body in ({}, {"telemetry": True}, {"telemetry": False}, {"telemetry": True}, {"relay": False}):
            self.assertEqual((await self.ask({"client_id": "monitor", **body}))[0], 200)
        self.assertEqual(wanted, [True, False, True, False])

    async def test_nobody_subscribes_a_socket_that_is_not_open(self):
        status, body = await self.ask({"client_id": "nobody", "previews": True})
        self.assertEqual((status, list(body)), (404, ["error"]))

    async def test_unsubscribing_what_is_already_gone_is_no_error(self):
        self.assertEqual((await self.ask({"client_id": "gone", "relay": False}))[0], 200)

    async def test_a_malformed_request_is_told_what_is_wrong(self):
        self.server.connect("monitor")
        ok = {"client_id": "monitor", "previews": True}
        for body, hint in (
            (b"", "JSON"), (b"{", "JSON"), (b"\xff", "JSON"), (b"[" * MAX_BODY, "JSON"),
            ([], "object"), (None, "object"), ({}, "client_id"), ({**ok, "client_id": 5}, "client_id"),
            ({**ok, "client_id": ""}, "client_id"), ({**ok, "client_id": "x" * 300}, "client_id"),
            ({**ok, "previews": "yes"}, "previews"), ({**ok, "relay": 0}, "relay"),
            ({**ok, "telemetry": 1}, "telemetry"),
            ({**ok, "padding": "x" * MAX_BODY}, "longer"),
        ):  # fmt: skip
            with self.subTest(body=str(body)[:60]):
                status, answer = await self.ask(body)
                self.assertEqual(status, 400)
                self.assertIn(hint, answer["error"])
        self.assertEqual(self.relay._monitors, {})

    async def test_an_endless_body_is_refused_without_waiting_for_its_end(self):
        status, _ = await asyncio.wait_for(self.ask(b" " * (MAX_BODY + 1), complete=False), 5)
        self.assertEqual(status, 400)
