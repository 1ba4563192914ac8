"""Reads amdgpu's `gpu_metrics`, a structure that the kernel lays out by its version (kgd_pp_interface.h)."""

import struct
from typing import List, Optional, Tuple

from ..figures import Unmeasured, throttled_by

# Which 64-bit word says what slows the GPU down, the same way for all chips: least size and offset, in bytes.
# 1.4 and later, 2.0, 2.1 and 3.x have none, or in bits that every chip numbers differently.
_WORD = {(1, 3): (120, 112), (2, 2): (128, 120), (2, 3): (128, 120), (2, 4): (128, 120)}
# The groups of amdgpu_smu.h: power 0 to 15, current 16 to 31, temperature 32 to 47.
_POWER_AND_CURRENT = 0xFFFFFFFF
_TEMPERATURE = 0xFFFF << 32
# RX 7000 cards have it set nearly always, also when they are cold (MangoHud leaves it out, too).
_HOTSPOT = 1 << 36
_NOTHING = 0xFFFFFFFFFFFFFFFF


def read_throttling(metrics: bytes) -> List[str]:
    """What slows the GPU down; raises `Unmeasured` where that structure does not say it."""
    version = _version(metrics)
    least, offset = _WORD.get(version, (0, 0))
    if not offset:
        raise Unmeasured("the driver does not tell it of this GPU", expected=True)
    if len(metrics) < least:
        raise Unmeasured("the driver's gpu_metrics is too short")
    (bits,) = struct.unpack_from("<Q", metrics, offset)
    if bits == _NOTHING:
        raise Unmeasured("the driver does not tell it of this GPU", expected=True)
    if version[0] == 1:
        bits &= ~_HOTSPOT
    return throttled_by(power_limit=bits & _POWER_AND_CURRENT, heat=bits & _TEMPERATURE)


def is_integrated(metrics: bytes) -> Optional[bool]:
    """Versions 2 and 3 are those of processors with graphics, 1 that of cards; None for others."""
    try:
        return {1: False, 2: True, 3: True}.get(_version(metrics)[0])
    except Unmeasured:
        return None


def _version(metrics: bytes) -> Tuple[int, int]:
    if len(metrics) < 4:
        raise Unmeasured("the driver's gpu_metrics is empty")
    _, form, content = struct.unpack_from("<HBB", metrics)
    return form, content
