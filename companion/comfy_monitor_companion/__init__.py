"""Comfy Monitor companion: relays ComfyUI's execution messages to monitors that ask for them, and measures the machine.

It adds no nodes. Whatever goes wrong here, ComfyUI must start and run as if it were not installed.
"""

import logging
import re
import sys
from pathlib import Path
from typing import Any, Dict

NODE_CLASS_MAPPINGS: Dict[str, Any] = {}
NODE_DISPLAY_NAME_MAPPINGS: Dict[str, str] = {}

_log = logging.getLogger(__name__)
_MARK = "comfy_monitor_relay"


def _version() -> str:
    """The version, which is written down in pyproject.toml only (no TOML reader before Python 3.11)."""
    project = (Path(__file__).parent / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "([^"]+)"', project, re.MULTILINE)
    return found.group(1) if found else "unknown"


def _progress_registry() -> Any:
    # Looked up each time: ComfyUI makes a new one for each prompt (none before 0.3.45). Not through
    # get_progress_state(), which would make one.
    return getattr(sys.modules.get("comfy_execution.progress"), "global_progress_registry", None)


def _measure_for(relay: Any) -> bool:
    """Measure while a monitor of the relay wants it; False if that cannot be, which leaves relaying as it is."""
    try:
        from .measure.telemetry import Telemetry

        relay.measure_by(Telemetry(relay.measured).want)
    except Exception as error:
        _log.warning("Comfy Monitor companion: measures nothing (%s: %s)", type(error).__name__, error)
        return False
    return True


def install() -> None:
    """Attach to ComfyUI's running server, once per server however often this package is loaded."""
    from aiohttp import web
    from execution import PromptExecutor  # ComfyUI's
    from server import PromptServer  # ComfyUI's

    from .hooks import listen_to_executor, listen_to_server
    from .relay import Relay
    from .routes import add_routes

    server = PromptServer.instance
    if hasattr(server, _MARK):
        _log.info("Comfy Monitor companion: already running, nothing to do.")
        return
    for needed in ("send_sync", "send", "loop", "sockets", "routes", "prompt_queue"):
        getattr(server, needed)  # an AttributeError now is better than half a companion

    relay = Relay(server, _progress_registry)
    add_routes(server.routes, relay, _version(), web.json_response, _measure_for(relay))
    listen_to_server(server, relay)
    setattr(server, _MARK, relay)
    if hasattr(PromptExecutor, "add_message"):
        listen_to_executor(PromptExecutor, relay)


try:
    install()
except Exception as error:  # never into ComfyUI
    _log.warning("Comfy Monitor companion: not started, ComfyUI runs without it (%s: %s)", type(error).__name__, error)
