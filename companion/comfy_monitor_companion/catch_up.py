"""What a monitor that joins in the middle of a prompt has to be sent."""

from typing import Any, Dict, List, Optional, Tuple

from .plan import make_plan

Message = Tuple[Any, Any]  # event and data, as ComfyUI's send_sync takes them
PLAN = "comfy_monitor.plan"


def running_item(server: Any, prompt_id: Optional[str] = None) -> Optional[Tuple[Any, ...]]:
    """The queue item being worked on: the named one, or the newest."""
    # list() because the worker thread changes this dict; taking its lock could make the event loop wait.
    items = list(server.prompt_queue.currently_running.values())
    return next((item for item in reversed(items) if prompt_id in (None, item[1])), None)


def catch_up(server: Any, begun: Dict[str, Dict[str, Any]], registry: Any) -> List[Message]:
    """The state of the running prompt as messages, empty when none runs.

    `begun` holds the messages that opened the latest prompt, `registry` is ComfyUI's progress
    registry or None where there is none (before 0.3.45).
    """
    item = running_item(server)
    if item is None:
        return []
    prompt_id = item[1]
    messages: List[Message] = [(event, data) for event, data in begun.items() if data["prompt_id"] == prompt_id]
    cached = dict(messages).get("execution_cached")
    # Without knowing what is reused a plan would be a guess; it follows as soon as that is known.
    plan = make_plan(item, cached["nodes"]) if cached else None
    if plan:
        messages.append((PLAN, plan))

    nodes = _progress_nodes(registry, prompt_id)
    running = [node for node in nodes.values() if node["state"] == "running"]
    if running:
        current = running[-1]
        messages.append(("executing", _executing(current["node_id"], current["display_node_id"], prompt_id)))
    elif server.last_node_id is not None and getattr(server, "last_prompt_id", None) == prompt_id:
        messages.append(("executing", _executing(server.last_node_id, server.last_node_id, prompt_id)))
    if nodes:
        messages.append(("progress_state", {"prompt_id": prompt_id, "nodes": nodes}))
    return messages


def _executing(node_id: str, display_node_id: str, prompt_id: str) -> Dict[str, Any]:
    return {"node": node_id, "display_node": display_node_id, "prompt_id": prompt_id}


def _progress_nodes(registry: Any, prompt_id: str) -> Dict[str, Dict[str, Any]]:
    """The nodes of a progress_state message, the way ComfyUI's own handler builds them."""
    if registry is None or registry.prompt_id != prompt_id:
        return {}
    graph = registry.dynprompt
    return {
        node_id: {
            "value": state["value"],
            "max": state["max"],
            "state": state["state"].value,
            "node_id": node_id,
            "prompt_id": prompt_id,
            "display_node_id": graph.get_display_node_id(node_id),
            "parent_node_id": graph.get_parent_node_id(node_id),
            "real_node_id": graph.get_real_node_id(node_id),
        }
        for node_id, state in list(registry.nodes.items())
        if state["state"].value != "pending"
    }
