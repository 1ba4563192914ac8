import asyncio
import unittest
from unittest import mock

from comfy_monitor_companion.hooks import listen_to_executor, listen_to_server
from comfy_monitor_companion.relay import BEHIND, TOO_FAR_BEHIND, Relay

from .fake_comfyui import FakeExecutor, FakeServer, item

RUN = [
    ("execution_start", {"prompt_id": "p", "timestamp": 1}),
    ("execution_cached", {"nodes": ["1"], "prompt_id": "p", "timestamp": 2}),
    ("executing", {"node": "2", "display_node": "2", "prompt_id": "p"}),
    ("progress", {"value": 1, "max": 2, "prompt_id": "p", "node": "2"}),
    ("progress_state", {"prompt_id": "p", "nodes": {"2": {"value": 1}}}),
    (2, ("JPEG", "an image", 512)),
    (3, b"\0\0\0\x012text"),
    ("executed", {"node": "3", "display_node": "3", "output": {"images": []}, "prompt_id": "p"}),
    ("execution_success", {"prompt_id": "p", "timestamp": 3}),
    ("executing", {"node": None, "prompt_id": "p"}),
]
END = ("end", None)


class RelayCase(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server = FakeServer()
        self.server.prompt_queue.currently_running[0] = item()
        self.now = 0.0
        self.relay = Relay(self.server, clock=lambda: self.now)
        listen_to_server(self.server, self.relay)
        publishing = asyncio.create_task(self.server.publish_loop())
        self.addCleanup(publishing.cancel)

    async def monitor(self, sid="monitor", previews=True):
        """Connect and subscribe a monitor; what it is told at once about a running prompt is put aside."""
        running, self.server.prompt_queue.currently_running = self.server.prompt_queue.currently_running, {}
        socket = self.server.connect(sid)
        self.assertTrue(self.relay.subscribe(sid, previews))
        self.server.prompt_queue.currently_running = running
        return socket

    async def send(self, *messages, sid="page"):
        """What ComfyUI's worker thread does."""
        await asyncio.to_thread(lambda: [self.server.send_sync(event, data, sid) for event, data in messages])

    async def told(self, socket, sid):
        """What that client received so far: up to a message of which each gets its own."""
        self.server.send_sync(*END, sid)
        if sid in self.relay._monitors:
            self.server.loop.call_soon_threadsafe(self.relay._deliver, *END, None)
            frames = await socket.until("end")
            return frames[:-1] + (await socket.until("end"))[:-1]
        return (await socket.until("end"))[:-1]


class WhatAMonitorSees(RelayCase):
    async def test_a_prompt_queued_from_the_page_in_order_and_unchanged(self):
        self.server.connect("page")
        monitor = await self.monitor()
        await self.send(*RUN)
        told = await self.told(monitor, "monitor")
        self.assertEqual([frame for frame in told if frame[0] != "comfy_monitor.plan"], RUN)

    async def test_errors_and_interruptions(self):
        news = [("execution_error", {"traceback": ["…"]}), ("execution_interrupted", {"prompt_id": "p"})]
        monitor = await self.monitor()
        await self.send(*news)
        self.assertEqual(await self.told(monitor, "monitor"), news)

    async def test_the_plan_as_soon_as_it_is_known_what_is_reused(self):
        monitor = await self.monitor()
        await self.send(*RUN[:3])
        told = await self.told(monitor, "monitor")
        self.assertEqual(
            [event for event, _ in told], ["execution_start", "execution_cached", "comfy_monitor.plan", "executing"]
        )
        self.assertEqual((told[2][1]["prompt_id"], told[2][1]["to_run"]), ("p", 2))

    async def test_no_plan_but_everything_else_when_the_prompt_is_not_in_the_queue(self):
        monitor = await self.monitor()
        self.server.prompt_queue.currently_running = {0: item("another")}
        await self.send(*RUN[:3])
        self.assertEqual(await self.told(monitor, "monitor"), RUN[:3])

    async def test_broadcasts_only_once(self):
        monitor = await self.monitor()
        await self.send(RUN[3], sid=None)
        self.assertEqual(await self.told(monitor, "monitor"), [RUN[3]])

    async def test_its_own_prompts_only_once_and_their_plan(self):
        monitor = await self.monitor()
        await self.send(*RUN, sid="monitor")
        told = await self.told(monitor, "monitor")
        self.assertEqual([f for f in told if f[0] != "comfy_monitor.plan"], RUN)
        self.assertEqual(len(told), len(RUN) + 1)

    async def test_nothing_else_that_is_meant_for_others(self):
        monitor = await self.monitor()
        await self.send(("logs", {}), ("feature_flags", {}), ("some.extension", {}), (7, b"bytes"))
        self.assertEqual(await self.told(monitor, "monitor"), [])

    async def test_a_prompt_that_was_running_before_it_came(self):
        await self.send(*RUN[:3])
        self.server.last_node_id, self.server.last_prompt_id = "2", "p"
        monitor = self.server.connect("monitor")
        self.relay.subscribe("monitor", True)
        await self.send(*RUN[3:])
        told = await self.told(monitor, "monitor")
        self.assertEqual([frame for frame in told if frame[0] != "comfy_monitor.plan"], RUN)
        self.assertEqual(told[2][1]["to_run"], 2)

    async def test_prompts_without_client_id(self):
        executor_class = type("Executor", (FakeExecutor,), {"add_message": FakeExecutor.add_message})
        listen_to_executor(executor_class, self.relay)
        monitor, page = await self.monitor(), self.server.connect("page")
        executor = executor_class(self.server)
        executor.add_message("execution_start", {"prompt_id": "p"}, broadcast=False)
        executor.add_message("execution_cached", {"prompt_id": "p", "nodes": []}, broadcast=False)
        executor.add_message("execution_interrupted", {"prompt_id": "p"}, broadcast=True)
        self.assertEqual([event for event, _ in await self.told(page, "page")], ["execution_interrupted"])
        told = await self.told(monitor, "monitor")
        self.assertCountEqual(
            [event for event, _ in told],
            ["execution_start", "execution_cached", "comfy_monitor.plan", "execution_interrupted"],
        )
        self.assertIn(("execution_start", {"prompt_id": "p", "timestamp": 1700000000000}), told)

    async def test_prompts_with_client_id_are_not_relayed_twice_by_listening_twice(self):
        executor_class = type("Executor", (FakeExecutor,), {"add_message": FakeExecutor.add_message})
        listen_to_executor(executor_class, self.relay)
        monitor = await self.monitor()
        self.server.client_id = "page"
        executor_class(self.server).add_message("execution_start", {"prompt_id": "p"}, broadcast=False)
        self.assertEqual(len(await self.told(monitor, "monitor")), 1)


class Previews(RelayCase):
    PREVIEW = (2, ("JPEG", "an image", 512))

    async def test_are_spared_where_not_asked_for(self):
        with_previews, without = await self.monitor("with"), await self.monitor("without", previews=False)
        await self.send(self.PREVIEW, RUN[3])
        self.assertEqual(await self.told(with_previews, "with"), [self.PREVIEW, RUN[3]])
        self.assertEqual(await self.told(without, "without"), [RUN[3]])

    async def test_stop_when_the_monitor_says_so(self):
        monitor = await self.monitor()
        self.relay.subscribe("monitor", previews=False)
        await self.send(self.PREVIEW)
        self.assertNotIn(self.PREVIEW, await self.told(monitor, "monitor"))

    async def test_come_at_most_ten_times_a_second(self):
        monitor = await self.monitor()
        seen = []
        for step in range(100):  # two seconds, fifty a second
            self.now = step * 0.02
            await self.send((1, step))
            seen += await self.told(monitor, "monitor")
        self.assertLessEqual(len(seen), 20)
        self.assertGreaterEqual(len(seen), 19)

    async def test_of_the_submitter_keep_their_own_metadata(self):
        page, monitor = self.server.connect("page"), await self.monitor()
        metadata = {"node_id": "2"}
        await self.send((4, ("an image", metadata)))
        ((_, (_, of_page)),) = await self.told(page, "page")
        ((_, (_, of_monitor)),) = await self.told(monitor, "monitor")
        self.assertIs(of_page, metadata)
        self.assertIsNot(of_monitor, metadata)
        self.assertEqual(of_monitor, metadata)


class WhatOthersNotice(RelayCase):
    async def test_the_submitter_gets_the_very_same_messages_as_without_companion(self):
        page = self.server.connect("page")
        await self.monitor("one")
        await self.monitor("two", previews=False)
        await self.send(*RUN)
        told = await self.told(page, "page")
        self.assertEqual(told, RUN)
        for (_, told_data), (_, data) in zip(told, RUN):
            self.assertIs(told_data, data)

    async def test_a_page_that_did_not_ask_sees_nothing(self):
        other = self.server.connect("other")
        await self.monitor()
        await self.send(*RUN)
        self.assertEqual(await self.told(other, "other"), [])

    async def test_without_monitors_the_server_has_nothing_more_to_do(self):
        with mock.patch.object(self.server, "loop") as loop:
            for event, data in RUN:
                self.server.send_sync(event, data, "page")
        self.assertEqual(len(loop.mock_calls), len(RUN))

    async def test_the_server_gets_its_result_and_its_exceptions_back(self):
        calls = []

        def send_sync(*args, **kwargs):
            calls.append((args, kwargs))
            if args[0] == "bad":
                raise KeyError("from ComfyUI")
            return "result"

        self.server.send_sync = send_sync
        listen_to_server(self.server, self.relay)
        self.assertEqual(self.server.send_sync("executing", data=1, sid="page"), "result")
        with self.assertRaisesRegex(KeyError, "from ComfyUI"):
            self.server.send_sync("bad", 1)
        self.assertEqual(calls, [(("executing",), {"data": 1, "sid": "page"}), (("bad", 1), {})])

    async def test_trouble_in_the_relay_is_logged_once_and_goes_no_further(self):
        await self.monitor()
        page = self.server.connect("page")
        odd = ("execution_cached", {"no": "prompt"})
        with self.assertLogs("comfy_monitor_companion", "WARNING") as logs:
            await self.send(odd, odd)
            self.assertEqual(await self.told(page, "page"), [odd, odd])
        self.assertEqual(len(logs.records), 1)

    async def test_other_extensions_that_wrap_or_replace_send_sync_are_heard(self):
        heard = []

        class Patched(FakeServer):
            def send_sync(self, event, data, sid=None):
                heard.append(("class", event))
                return FakeServer.send_sync(self, event, data, sid)

        monitor, page = await self.monitor(), self.server.connect("page")
        self.server.__class__ = Patched  # after the companion, on the class
        ours = self.server.send_sync

        def outer(event, data, sid=None):  # after the companion, on the instance
            heard.append(("instance", event))
            return ours(event, data, sid)

        self.server.send_sync = outer
        await self.send(RUN[3])
        self.assertEqual(heard, [("instance", "progress"), ("class", "progress")])
        self.assertEqual(await self.told(page, "page"), [RUN[3]])
        self.assertEqual(await self.told(monitor, "monitor"), [RUN[3]])


class MonitorsThatGo(RelayCase):
    async def test_are_forgotten_when_their_socket_is_gone(self):
        await self.monitor()
        del self.server.sockets["monitor"]
        page = self.server.connect("page")
        await self.send(*RUN)
        await self.told(page, "page")
        self.assertEqual(self.relay._monitors, {})

    async def test_have_to_ask_again_when_they_come_back_under_the_same_id(self):
        await self.monitor()
        again = self.server.connect("monitor")
        await self.send(*RUN)
        self.assertEqual(await self.told(again, "monitor"), [])

    async def test_get_nothing_more_after_unsubscribing(self):
        monitor = await self.monitor()
        self.relay.unsubscribe("monitor")
        await self.send(*RUN)
        self.assertEqual(await self.told(monitor, "monitor"), [])

    async def test_cannot_subscribe_without_an_open_socket(self):
        self.assertFalse(self.relay.subscribe("nobody", True))
        self.assertEqual(self.relay._monitors, {})


class MonitorsThatDoNotRead(RelayCase):
    async def test_hold_up_nobody(self):
        page, awake = self.server.connect("page"), await self.monitor("awake")
        (await self.monitor("asleep")).reading.clear()
        await self.send(*RUN)
        self.assertEqual(await self.told(page, "page"), RUN)
        self.assertEqual(len(await self.told(awake, "awake")), len(RUN) + 1)

    async def test_are_cut_off_after_a_while(self):
        self.relay._stuck_after = 0
        asleep = await self.monitor("asleep")
        asleep.reading.clear()
        await self.send(*RUN)
        await asyncio.wait_for(asleep.cut.wait(), 5)
        self.assertEqual(self.relay._monitors, {})

    async def test_are_cut_off_without_harm_to_their_new_connection(self):
        asleep = await self.monitor()
        asleep.reading.clear()
        self.relay._stuck_after = 0.05
        await self.send(RUN[3])
        awake = await self.monitor()
        await asyncio.wait_for(asleep.cut.wait(), 5)
        await self.send(RUN[3])
        self.assertEqual(await self.told(awake, "monitor"), [RUN[3]])

    async def test_are_cut_off_when_too_much_is_waiting(self):
        asleep = await self.monitor("asleep")
        asleep.reading.clear()
        await self.send(*[RUN[3]] * (TOO_FAR_BEHIND + 2))
        await asyncio.wait_for(asleep.cut.wait(), 5)
        self.assertEqual(self.relay._monitors, {})

    async def test_are_told_every_step_but_only_the_newest_state_when_they_catch_up(self):
        slow = await self.monitor("slow")
        slow.reading.clear()
        steps = [("progress", step) for step in range(BEHIND)]
        states = [("progress_state", step) for step in range(BEHIND)]
        await self.send(*[message for pair in zip(steps, states) for message in pair])
        slow.reading.set()
        told = await self.told(slow, "slow")
        self.assertEqual([frame for frame in told if frame[0] == "progress"], steps)
        self.assertLess(len(told), 1.5 * BEHIND + 2)
        self.assertEqual(told[-1], states[-1])
