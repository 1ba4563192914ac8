import unittest

from comfy_monitor_companion.plan import MAX_NODES, make_plan

from .fake_comfyui import graph, item


class Plan(unittest.TestCase):
    def test_counts_only_nodes_an_output_asks_for(self):
        plan = make_plan(item(), cached=[])
        self.assertEqual((plan["total"], plan["to_run"], plan["cached"]), (3, 3, 0))
        self.assertEqual(list(plan["nodes"]), ["1", "2", "3"])

    def test_names_nodes_by_class_and_by_the_title_the_user_gave(self):
        nodes = make_plan(item(), cached=[])["nodes"]
        self.assertEqual(nodes["1"], {"class_type": "Loader", "title": "My model"})
        self.assertEqual(nodes["2"], {"class_type": "Sampler", "title": None})

    def test_reused_nodes_need_not_run(self):
        plan = make_plan(item(), cached=["1", "9"])
        self.assertEqual((plan["total"], plan["to_run"], plan["cached"]), (3, 2, 1))

    def test_nodes_before_a_reused_node_need_not_run_either(self):
        plan = make_plan(item(), cached=["2"])
        self.assertEqual((plan["total"], plan["to_run"], plan["cached"]), (3, 1, 2))

    def test_survives_a_loop_in_the_graph(self):
        prompt = graph()
        prompt["1"]["inputs"]["again"] = ["3", 0]
        self.assertEqual(make_plan((0, "p", prompt, {}, ["3"]), [])["total"], 3)

    def test_a_graph_at_the_limit_has_a_plan_and_a_larger_one_has_none(self):
        def chain(length):
            prompt = {str(n): {"class_type": "X", "inputs": {"a": [str(n - 1), 0]} if n else {}} for n in range(length)}
            return make_plan((0, "p", prompt, {}, [str(length - 1)]), [])

        self.assertEqual(chain(MAX_NODES)["total"], MAX_NODES)
        self.assertIsNone(chain(MAX_NODES + 1))

    def test_an_item_unlike_any_known_has_no_plan(self):
        broken = graph()
        broken["2"]["inputs"]["model"] = ["gone", 0]
        for odd in (None, (), (0, "p"), (0, "p", None, {}, ["3"]), (0, "p", {"3": {}}, {}, ["3"]),
                    (0, "p", broken, {}, ["3"]), (0, "p", graph(), {}, None), "text", object()):  # fmt: skip
            with self.subTest(odd):
                self.assertIsNone(make_plan(odd, []))
