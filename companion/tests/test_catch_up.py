import unittest
from types import SimpleNamespace

from comfy_monitor_companion.catch_up import catch_up

from .fake_comfyui import Registry, item

BEGUN = {
    "execution_start": {"prompt_id": "p", "timestamp": 1},
    "execution_cached": {"prompt_id": "p", "timestamp": 2, "nodes": ["1"]},
}


def server(running=True, node=None, prompt_id="p"):
    return SimpleNamespace(
        prompt_queue=SimpleNamespace(currently_running={0: item()} if running else {}),
        last_node_id=node,
        last_prompt_id=prompt_id,
    )


class JoiningInTheMiddle(unittest.TestCase):
    def test_a_monitor_learns_start_plan_node_and_progress(self):
        registry = Registry("p", n1=("finished", 1, 1), n2=("running", 7, 20), n3=("pending", 0, 1))
        messages = catch_up(server(), BEGUN, registry)
        self.assertEqual(
            [event for event, _ in messages],
            ["execution_start", "execution_cached", "comfy_monitor.plan", "executing", "progress_state"],
        )
        told = dict(messages)
        self.assertEqual(told["execution_start"], BEGUN["execution_start"])
        self.assertEqual((told["comfy_monitor.plan"]["total"], told["comfy_monitor.plan"]["to_run"]), (3, 2))
        self.assertEqual(told["executing"], {"node": "2", "display_node": "2", "prompt_id": "p"})
        self.assertEqual(
            told["progress_state"]["nodes"]["2"],
            {"value": 7, "max": 20, "state": "running", "node_id": "2", "prompt_id": "p",
             "display_node_id": "2", "parent_node_id": None, "real_node_id": "2"},
        )  # fmt: skip
        self.assertEqual(list(told["progress_state"]["nodes"]), ["1", "2"])

    def test_an_expanded_node_is_named_with_the_one_the_user_knows(self):
        told = dict(catch_up(server(), BEGUN, Registry("p", n2_0=("running", 1, 2))))
        self.assertEqual(told["executing"], {"node": "2.0", "display_node": "2", "prompt_id": "p"})

    def test_an_older_comfyui_without_progress_registry_still_tells_the_node(self):
        told = dict(catch_up(server(node="2"), BEGUN, None))
        self.assertEqual(told["executing"], {"node": "2", "display_node": "2", "prompt_id": "p"})
        self.assertNotIn("progress_state", told)

    def test_nothing_when_no_prompt_runs(self):
        self.assertEqual(catch_up(server(running=False, node="2"), BEGUN, Registry("p", n2=("running", 1, 2))), [])

    def test_nothing_left_over_from_the_prompt_before(self):
        before = {event: {**data, "prompt_id": "before"} for event, data in BEGUN.items()}
        left_over = Registry("before", n2=("running", 1, 2))
        self.assertEqual(catch_up(server(node="2", prompt_id="before"), before, left_over), [])

    def test_no_plan_before_it_is_known_what_is_reused(self):
        told = catch_up(server(), {"execution_start": BEGUN["execution_start"]}, None)
        self.assertEqual([event for event, _ in told], ["execution_start"])
