"""
Nodes for trying the monitor against a real ComfyUI without any model: copy this file into ComfyUI's
custom_nodes folder. ProbeSteps takes its time, with steps and previews; ProbeRaise fails.
"""

import time

import comfy.model_management
import comfy.utils
from PIL import Image

_SIZE = 64


class ProbeSteps:
    CATEGORY = "monitor probe"
    FUNCTION = "run"
    RETURN_TYPES = ("IMAGE",)

    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "image": ("IMAGE",),
                "steps": ("INT", {"default": 10, "min": 1, "max": 10_000}),
                "delay": ("FLOAT", {"default": 0.1, "min": 0, "max": 60}),
                "seed": ("INT", {"default": 0, "min": 0, "max": 2**31}),
            }
        }

    def run(self, image, steps, delay, seed):
        bar = comfy.utils.ProgressBar(steps)
        for step in range(1, steps + 1):
            comfy.model_management.throw_exception_if_processing_interrupted()
            time.sleep(delay)
            preview = Image.new("RGB", (_SIZE, _SIZE), (255 * step // steps, 80, 160))
            bar.update_absolute(step, steps, ("JPEG", preview, _SIZE))
        return (image,)


class ProbeRaise:
    CATEGORY = "monitor probe"
    FUNCTION = "run"
    RETURN_TYPES = ("IMAGE",)

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"image": ("IMAGE",), "text": ("STRING", {"default": "failed on purpose"})}}

    def run(self, image, text):
        raise ValueError(text)


NODE_CLASS_MAPPINGS = {"ProbeSteps": ProbeSteps, "ProbeRaise": ProbeRaise}
