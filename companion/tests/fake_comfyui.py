"""As much of ComfyUI's server as the companion touches, behaving like the real one."""

import asyncio
import types
from typing import Any, Callable, Dict, List, Tuple

Frame = Tuple[Any, Any]


class FakeSocket:
    """An open WebSocket of a client, seen from both ends."""

    def __init__(self) -> None:
        self.received: "asyncio.Queue[Frame]" = asyncio.Queue()
        self.reading = asyncio.Event()
        self.reading.set()
        self.cut = asyncio.Event()

    async def deliver(self, frame: Frame) -> None:
        await self.reading.wait()
        self.received.put_nowait(frame)

    async def until(self, event: Any) -> List[Frame]:
        """Everything received up to and including the next frame of that kind."""
        frames: List[Frame] = []
        while not frames or frames[-1][0] != event:
            frames.append(await asyncio.wait_for(self.received.get(), 5))
        return frames

    def get_extra_info(self, name: str) -> Any:
        assert name == "socket"
        return types.SimpleNamespace(shutdown=lambda how: self.cut.set())


class FakeRoutes:
    def __init__(self) -> None:
        self.handlers: Dict[Tuple[str, str], Callable[..., Any]] = {}
        self.added = 0

    def _add(self, method: str, path: str) -> Callable[..., Any]:
        def register(handler: Callable[..., Any]) -> Callable[..., Any]:
            self.handlers[method, path] = handler
            self.added += 1
            return handler

        return register

    def get(self, path: str) -> Callable[..., Any]:
        return self._add("GET", path)

    def post(self, path: str) -> Callable[..., Any]:
        return self._add("POST", path)


class FakeServer:
    """PromptServer: send_sync from any thread, a loop that publishes, send to one or all."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.messages: "asyncio.Queue[Tuple[Any, Any, Any]]" = asyncio.Queue()
        self.sockets: Dict[str, FakeSocket] = {}
        self.routes = FakeRoutes()
        self.prompt_queue = types.SimpleNamespace(currently_running={})
        self.client_id = None
        self.last_node_id = None
        self.last_prompt_id = None

    def connect(self, sid: str) -> FakeSocket:
        self.sockets[sid] = FakeSocket()
        return self.sockets[sid]

    def send_sync(self, event: Any, data: Any, sid: Any = None) -> None:
        self.loop.call_soon_threadsafe(self.messages.put_nowait, (event, data, sid))

    async def publish_loop(self) -> None:
        while True:
            await self.send(*await self.messages.get())

    async def send(self, event: Any, data: Any, sid: Any = None) -> None:
        if event == 4:
            data[1]["image_type"] = "image/jpeg"  # ComfyUI completes the metadata it was given
        sockets = list(self.sockets.values()) if sid is None else [self.sockets[sid]] if sid in self.sockets else []
        for socket in sockets:
            await socket.deliver((event, data))


class FakeExecutor:
    """PromptExecutor, reduced to the way it tells news."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.status_messages: List[Frame] = []

    def add_message(self, event: str, data: Dict[str, Any], broadcast: bool) -> None:
        data = {**data, "timestamp": 1700000000000}
        self.status_messages.append((event, data))
        if self.server.client_id is not None or broadcast:
            self.server.send_sync(event, data, self.server.client_id)


def graph() -> Dict[str, Any]:
    """A loader feeding a sampler feeding a saver, and a node nothing asks for."""
    return {
        "1": {"class_type": "Loader", "inputs": {"name": "sd.safetensors"}, "_meta": {"title": "My model"}},
        "2": {"class_type": "Sampler", "inputs": {"model": ["1", 0], "steps": 20, "range": [1, 2]}},
        "3": {"class_type": "Saver", "inputs": {"images": ["2", 0]}},
        "9": {"class_type": "Loader", "inputs": {}},
    }


def item(prompt_id: str = "p") -> Tuple[Any, ...]:
    return (0, prompt_id, graph(), {}, ["3"], {})


class Registry:
    """ComfyUI's progress registry of a prompt."""

    class _Graph:
        def get_display_node_id(self, node_id: str) -> str:
            return node_id.split(".")[0]

        def get_parent_node_id(self, node_id: str) -> None:
            return None

        def get_real_node_id(self, node_id: str) -> str:
            return node_id

    def __init__(self, prompt_id: str, **states: Tuple[str, float, float]) -> None:
        self.prompt_id = prompt_id
        self.dynprompt = self._Graph()
        self.nodes = {
            node_id.lstrip("n").replace("_", "."): {
                "state": types.SimpleNamespace(value=state),
                "value": value,
                "max": most,
            }
            for node_id, (state, value, most) in states.items()
        }
