import queue
import threading
import unittest

from comfy_monitor_companion.measure.telemetry import Telemetry
from comfy_monitor_companion.relay import BEHIND, Relay

from .fake_comfyui import FakeServer

MESSAGE = "comfy_monitor.telemetry"


def measuring_threads():
    return [thread for thread in threading.enumerate() if thread.name == "comfy-monitor-telemetry"]


class TheThread(unittest.TestCase):
    def setUp(self):
        self.samples = queue.Queue()
        self.made = 0
        self.go_on = threading.Event()
        self.go_on.set()
        self.telemetry = Telemetry(self.samples.put, self.new_sampler, interval=0.001)
        self.addCleanup(self.end)

    def new_sampler(self):
        def sample():
            self.go_on.wait(5)
            self.made += 1
            return self.made

        return sample

    def end(self):
        self.go_on.set()
        self.telemetry.want(False)
        self.join()

    def join(self):
        for thread in measuring_threads():
            thread.join(5)
        self.assertEqual(measuring_threads(), [])

    def test_runs_only_while_somebody_listens_and_starts_again(self):
        self.assertEqual(measuring_threads(), [])
        self.telemetry.want(True)
        self.assertEqual([self.samples.get(timeout=5) for _ in range(3)], [1, 2, 3])
        self.telemetry.want(False)
        self.join()
        made = self.made
        self.telemetry.want(True)
        while self.samples.get(timeout=5) <= made:
            pass
        self.assertEqual(len(measuring_threads()), 1)

    def test_is_one_at_a_time_also_while_a_driver_hangs(self):
        self.telemetry.want(True)
        self.samples.get(timeout=5)
        self.go_on.clear()
        for wanted in (False, True, False, True):
            self.telemetry.want(wanted)  # returns at once
        self.assertEqual(len(measuring_threads()), 1)
        self.go_on.set()
        made = self.made
        while self.samples.get(timeout=5) <= made:
            pass
        self.assertEqual(len(measuring_threads()), 1)

    def test_ends_with_the_program_and_does_not_wait_a_second_to_end(self):
        telemetry = Telemetry(self.samples.put, self.new_sampler, interval=3600)
        telemetry.want(True)
        self.samples.get(timeout=5)
        self.assertTrue(all(thread.daemon for thread in measuring_threads()))
        telemetry.want(False)
        self.join()

    def test_outlives_what_fails_and_says_so_once(self):
        calls = []

        def failing():
            calls.append(None)
            if len(calls) < 4:
                raise RuntimeError("a bug")
            return "sample"

        with self.assertLogs("comfy_monitor_companion", "WARNING") as logs:
            telemetry = Telemetry(self.samples.put, lambda: failing, interval=0.001)
            telemetry.want(True)
            self.assertEqual(self.samples.get(timeout=5), "sample")
            telemetry.want(False)
            self.join()
        self.assertEqual(len(logs.records), 1)


class TheMonitors(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server = FakeServer()
        self.relay = Relay(self.server)
        self.wanted = []
        self.relay.measure_by(self.wanted.append)

    def monitor(self, sid, telemetry=True):
        socket = self.server.connect(sid)
        self.relay.subscribe(sid, False, telemetry)
        return socket

    async def test_get_samples_only_if_they_asked(self):
        asked, other, page = self.monitor("asked"), self.monitor("other", telemetry=False), self.server.connect("page")
        self.relay.measured({"cpu_percent": 1})
        self.assertEqual(await asked.until(MESSAGE), [(MESSAGE, {"cpu_percent": 1})])
        self.assertTrue(other.received.empty() and page.received.empty())

    async def test_that_leave_end_the_measuring_with_the_next_sample(self):
        self.monitor("one")
        stays = self.monitor("stays")
        del self.server.sockets["one"]
        self.relay.measured(1)
        await stays.until(MESSAGE)
        self.assertEqual(self.wanted, [True])
        del self.server.sockets["stays"]
        self.relay.measured(2)
        while self.wanted != [True, False]:
            await self.next_turn()

    async def test_that_read_slowly_get_the_newest_sample_in_the_place_of_the_oldest(self):
        slow = self.monitor("slow")
        slow.reading.clear()
        self.relay._deliver("executing", 0, None)
        await self.next_turn()  # this one is on its way
        for number in range(1, 4):
            self.relay.measured(number)
            await self.next_turn()
            self.relay._deliver("executing", number, None)
        slow.reading.set()
        frames = [frame for _ in range(2) for frame in await slow.until("executing")] + await slow.until("executing")
        self.assertEqual([data for event, data in frames if event == MESSAGE], [3])
        self.assertEqual(frames[1], (MESSAGE, 3))

    async def test_of_a_busy_event_loop_get_only_the_newest(self):
        monitor = self.monitor("monitor")
        for number in range(BEHIND):
            self.relay.measured(number)  # while the loop does not come to it
        self.assertEqual(await monitor.until(MESSAGE), [(MESSAGE, BEHIND - 1)])
        await self.next_turn()
        self.assertTrue(monitor.received.empty())

    async def test_are_relayed_to_whatever_happens_to_the_measuring(self):
        self.relay.measure_by(lambda wanted: 1 / 0)
        with self.assertLogs("comfy_monitor_companion", "WARNING"):
            monitor = self.monitor("monitor")
        self.relay._deliver("executing", 1, None)
        self.assertEqual(await monitor.until("executing"), [("executing", 1)])

    async def next_turn(self):
        turn = self.server.loop.create_future()
        self.server.loop.call_soon(turn.set_result, None)
        await turn
