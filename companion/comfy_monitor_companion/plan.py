"""What a prompt is going to do: which nodes it reaches and which of them have to run."""

from typing import Any, Dict, Iterable, List, Optional, Set

MAX_NODES = 10_000
MAX_TITLE = 200


def make_plan(item: Any, cached: Iterable[str]) -> Optional[Dict[str, Any]]:
    """Describe a queue item of ComfyUI, given the ids of the nodes whose result is reused.

    Returns None for anything that does not look as expected: no plan is better than a wrong one.
    """
    try:
        _, prompt_id, prompt, _, outputs = item[:5]
        reached = _reach(prompt, outputs, stop_at=frozenset())
        if len(reached) > MAX_NODES:
            return None
        to_run = len(_reach(prompt, outputs, stop_at=frozenset(cached)))
        return {
            "prompt_id": prompt_id,
            "total": len(reached),
            "to_run": to_run,
            "cached": len(reached) - to_run,
            "nodes": {node_id: _describe(prompt[node_id]) for node_id in prompt if node_id in reached},
        }
    except (TypeError, ValueError, KeyError, AttributeError, IndexError):
        return None


def _reach(prompt: Dict[str, Any], outputs: Iterable[str], stop_at: "frozenset[str]") -> Set[str]:
    """Walk from the outputs against the links, as ComfyUI does: never past a reused node."""
    reached: Set[str] = set()
    waiting: List[str] = list(outputs)
    while waiting and len(reached) <= MAX_NODES:
        node_id = waiting.pop()
        if node_id in reached or node_id in stop_at:
            continue
        reached.add(node_id)
        for value in prompt[node_id]["inputs"].values():
            if _is_link(value):
                waiting.append(value[0])
    return reached


def _is_link(value: Any) -> bool:
    """The same test ComfyUI applies: a link is a list of a node id and an output number."""
    return (
        isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], (int, float))
    )


def _describe(node: Dict[str, Any]) -> Dict[str, Any]:
    title = (node.get("_meta") or {}).get("title")
    return {
        "class_type": str(node["class_type"]),
        "title": title[:MAX_TITLE] if isinstance(title, str) else None,
    }
