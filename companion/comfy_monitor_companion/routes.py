"""The two HTTP routes by which a monitor finds the companion and asks to be relayed to."""

import asyncio
import json
from typing import Any, Callable, NamedTuple

from .relay import Relay

PROTOCOL = 1
MAX_BODY = 4096
MAX_CLIENT_ID = 256


class Subscription(NamedTuple):
    """What a monitor asks for."""

    client_id: str
    previews: bool
    relay: bool
    telemetry: bool


def read_subscription(body: bytes) -> Subscription:
    """Check the body of a request; raises ValueError saying what is wrong with it."""
    if len(body) > MAX_BODY:
        raise ValueError(f"the body is longer than {MAX_BODY} bytes")
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("the body is not JSON") from None
    if not isinstance(fields, dict):
        raise ValueError("the body is not a JSON object")
    client_id, previews, relay = fields.get("client_id"), fields.get("previews", False), fields.get("relay", True)
    telemetry = fields.get("telemetry", False)
    if not isinstance(client_id, str) or not 0 < len(client_id) <= MAX_CLIENT_ID:
        raise ValueError(f"client_id must be a string of 1 to {MAX_CLIENT_ID} characters")
    if not all(isinstance(wish, bool) for wish in (previews, relay, telemetry)):
        raise ValueError("previews, relay and telemetry must be true or false")
    return Subscription(client_id, previews, relay, telemetry)


def add_routes(
    routes: Any, relay: Relay, version: str, json_response: Callable[..., Any], measures: bool = True
) -> None:
    """Add the routes to ComfyUI's table, which also serves them below /api. `measures`: there is telemetry."""
    info_body = {
        "name": "comfy-monitor-companion",
        "version": version,
        "protocol": PROTOCOL,
        "telemetry": measures,
    }

    @routes.get("/comfy_monitor/info")
    async def info(_request: Any) -> Any:
        return json_response(info_body)

    @routes.post("/comfy_monitor/relay")
    async def subscribe(request: Any) -> Any:
        try:
            wanted = read_subscription(await _read_at_most(request.content, MAX_BODY + 1))
        except ValueError as error:
            return json_response({"error": str(error)}, status=400)
        if not wanted.relay:
            relay.unsubscribe(wanted.client_id)
        elif not relay.subscribe(wanted.client_id, wanted.previews, wanted.telemetry):
            return json_response({"error": "no open socket has this client_id"}, status=404)
        return json_response({"protocol": PROTOCOL, "relaying": wanted.relay})


async def _read_at_most(content: Any, size: int) -> bytes:
    try:
        return await content.readexactly(size)
    except asyncio.IncompleteReadError as end:
        return end.partial
