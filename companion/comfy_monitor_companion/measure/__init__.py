"""Measures the machine for monitors. Nothing in here knows ComfyUI's server or the relay."""
