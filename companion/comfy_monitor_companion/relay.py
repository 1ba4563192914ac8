"""Hands copies of what ComfyUI sends to one client to the monitors that asked for them.

Monitors and their outboxes belong to the event loop: other threads only look whether there are
any and schedule the rest there, so nothing needs a lock.
"""

import asyncio
import logging
import socket
import time
from typing import Any, Callable, Dict, List, Optional, Set

from .catch_up import PLAN, catch_up, running_item
from .plan import make_plan

log = logging.getLogger(__name__)

# Values of ComfyUI's BinaryEventTypes, which older versions define only in part.
PREVIEW_WITH_METADATA = 4
PREVIEWS = frozenset((1, 2, PREVIEW_WITH_METADATA))
TEXT = 3
BEGINNING = frozenset(("execution_start", "execution_cached"))
RELAYED = BEGINNING | PREVIEWS | {
    "executing", "progress", "progress_state", "executed",
    "execution_success", "execution_error", "execution_interrupted", TEXT,
}  # fmt: skip

TELEMETRY = "comfy_monitor.telemetry"

PREVIEW_INTERVAL = 0.1  # seconds; each preview costs the server an encoding
STUCK_AFTER = 10.0  # seconds
BEHIND = 256  # waiting messages from which on only the newest progress_state is kept
TOO_FAR_BEHIND = 2000


class Monitor:
    """One subscribed socket and what still has to be sent to it."""

    def __init__(self, sid: str, socket: Any) -> None:
        self.sid = sid
        self.socket = socket
        self.previews = False
        self.telemetry = False
        self.next_preview = 0.0
        self.outbox: Dict[Any, Any] = {}  # in order of sending; the keys decide what replaces what
        self.sender: Optional["asyncio.Task[None]"] = None


class Relay:
    """The monitors of one PromptServer."""

    def __init__(
        self,
        server: Any,
        registry: Callable[[], Any] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        stuck_after: float = STUCK_AFTER,
    ) -> None:
        self._server = server
        self._registry = registry
        self._clock = clock
        self._stuck_after = stuck_after
        self._monitors: Dict[str, Monitor] = {}
        self._begun: Dict[str, Dict[str, Any]] = {}
        self._complaints: Set[str] = set()
        self._newest_sample: Any = None
        self._sample_scheduled = False
        self._want_telemetry: Callable[[bool], None] = lambda wanted: None
        self._telemetry_wanted = False

    # Called in whatever thread sends.

    def sent(self, event: Any, data: Any, sid: Optional[str] = None, *_: Any, **__: Any) -> None:
        """Note a message given to ComfyUI for `sid`; None means that everybody gets it anyway."""
        if (self._monitors or event in BEGINNING) and sid is not None:
            self.pass_on(event, data, sid)

    def pass_on(self, event: Any, data: Any, recipient: Optional[str]) -> None:
        """Relay a message to every monitor but its recipient."""
        if event == "execution_start":
            self._begun = {event: data}
        elif event == "execution_cached":
            self._begun = {**self._begun, event: data}
        if not self._monitors or event not in RELAYED:
            return
        self._server.loop.call_soon_threadsafe(self._deliver, event, data, recipient)
        if event == "execution_cached":
            plan = make_plan(running_item(self._server, data["prompt_id"]), data["nodes"])
            if plan:
                self._server.loop.call_soon_threadsafe(self._deliver, PLAN, plan, None)

    def measured(self, sample: Any) -> None:
        """Send a sample of the machine to the monitors that want it. A busy event loop gets the newest only."""
        self._newest_sample = sample
        if not self._sample_scheduled:
            self._sample_scheduled = True
            try:
                self._server.loop.call_soon_threadsafe(self._deliver_sample)
            except RuntimeError:
                pass  # the event loop has ended, and ComfyUI ends, too

    def complain(self, what: str) -> None:
        """Log the exception being handled, once for each kind of trouble."""
        if what not in self._complaints:
            self._complaints.add(what)
            log.warning("Comfy Monitor companion: %s failed (reported once)", what, exc_info=True)

    # Called on the event loop.

    def measure_by(self, want_telemetry: Callable[[bool], None]) -> None:
        """Name what is told whether a monitor wants samples, each time that changes."""
        self._want_telemetry = want_telemetry

    def subscribe(self, sid: str, previews: bool, telemetry: bool = False) -> bool:
        """Relay to the open socket of that sid from now on; False if there is none."""
        socket_of_monitor = self._server.sockets.get(sid)
        if socket_of_monitor is None:
            return False
        monitor = self._monitors.get(sid)
        if monitor is None or monitor.socket is not socket_of_monitor:
            monitor = self._monitors[sid] = Monitor(sid, socket_of_monitor)
        monitor.previews = previews
        monitor.telemetry = telemetry
        self._see_who_listens()
        try:
            for event, data in catch_up(self._server, self._begun, self._registry()):
                self._offer(monitor, event, data)
        except Exception:
            self.complain("telling a monitor about the running prompt")
        return True

    def unsubscribe(self, sid: str) -> None:
        """Relay nothing more to that sid."""
        self._monitors.pop(sid, None)
        self._see_who_listens()

    def _deliver(self, event: Any, data: Any, recipient: Optional[str]) -> None:
        for monitor in self._present():
            if monitor.sid != recipient:
                self._offer(monitor, event, data)

    def _deliver_sample(self) -> None:
        self._sample_scheduled = False
        sample, self._newest_sample = self._newest_sample, None
        present = self._present()
        self._see_who_listens()
        if sample is not None:
            for monitor in present:
                if monitor.telemetry:
                    self._offer(monitor, TELEMETRY, sample)

    def _see_who_listens(self) -> None:
        wanted = any(monitor.telemetry for monitor in self._monitors.values())
        if wanted != self._telemetry_wanted:
            self._telemetry_wanted = wanted
            try:
                self._want_telemetry(wanted)
            except Exception:
                self.complain("starting or ending to measure")

    def _present(self) -> List[Monitor]:
        """The monitors whose socket is still open; the others are forgotten."""
        self._monitors = {sid: monitor for sid, monitor in self._monitors.items() if self._is_open(monitor)}
        return list(self._monitors.values())

    def _is_open(self, monitor: Monitor) -> bool:
        return self._server.sockets.get(monitor.sid) is monitor.socket

    def _offer(self, monitor: Monitor, event: Any, data: Any) -> None:
        key: Any = object()
        if event in PREVIEWS:
            now = self._clock()
            if not monitor.previews or now < monitor.next_preview:
                return
            monitor.next_preview = now + PREVIEW_INTERVAL
            key = "preview"
        elif event == "progress_state" and len(monitor.outbox) >= BEHIND:
            key = event  # it names every node each time, so the newest says it all
        elif event == TELEMETRY:
            key = event
        if event != TELEMETRY:  # a sample takes the place of the one that waits, so that its turn comes
            monitor.outbox.pop(key, None)
        monitor.outbox[key] = (event, data)
        if len(monitor.outbox) > TOO_FAR_BEHIND:
            self._hang_up(monitor)
        elif monitor.sender is None:
            monitor.sender = self._server.loop.create_task(self._send_waiting(monitor))

    async def _send_waiting(self, monitor: Monitor) -> None:
        # Not through the server's own queue of messages: there, one monitor that does not read
        # (a sleeping laptop) would hold up everybody else's.
        try:
            while monitor.outbox and self._monitors.get(monitor.sid) is monitor and self._is_open(monitor):
                event, data = monitor.outbox.pop(next(iter(monitor.outbox)))
                stuck = self._server.loop.call_later(self._stuck_after, self._hang_up, monitor)
                try:
                    if event == PREVIEW_WITH_METADATA:
                        data = (data[0], dict(data[1]))  # sending writes into the metadata
                    await self._server.send(event, data, monitor.sid)
                except Exception:
                    self.complain(f"relaying {event}")
                finally:
                    stuck.cancel()
        finally:
            monitor.sender = None

    def _hang_up(self, monitor: Monitor) -> None:
        """End the connection of a monitor that does not read; it may connect anew when it can."""
        if self._monitors.get(monitor.sid) is monitor:  # and not one that came back under the same id
            self.unsubscribe(monitor.sid)
        if monitor.sender is not None:
            monitor.sender.cancel()
        try:
            monitor.socket.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        except Exception:
            self.complain("closing the socket of a monitor that does not read")
