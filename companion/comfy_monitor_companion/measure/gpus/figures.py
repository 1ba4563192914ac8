"""The figures of one GPU, each with the reason where it could not be measured."""

import math
import os
from typing import Any, Callable, Dict, List, Optional, Tuple

from ..troubles import Troubles

_BYTES = (0, 1 << 48)
# What a figure can be. Outside of it, it is a sensor that is broken or a driver's way to say nothing.
BOUNDS: Dict[str, Tuple[float, float]] = {
    "load_percent": (0, 100),
    "temperature": (-40, 150),
    "temperature_limit": (30, 150),
    "vram_used": _BYTES,
    "vram_total": (1, 1 << 48),
    "vram_own": _BYTES,
    "vram_reserved": _BYTES,
    "shared_used": _BYTES,
    "power": (0, 5000),
    "power_limit": (1, 5000),
    "fan_percent": (0, 100),
    "core_clock": (0, 20000),
    "memory_clock": (0, 50000),
}
THROTTLED_BY = "throttled_by"
FIGURES = (*BOUNDS, THROTTLED_BY)
_NOTHING = frozenset((0xFFFF, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF))  # all bits set: "no value" in many drivers
MAX_NAME = 200


class Unmeasured(Exception):
    """Says in a few words why there is no figure; `expected` where this kind of GPU does not tell it."""

    def __init__(self, reason: str, expected: bool = False) -> None:
        super().__init__(reason)
        self.expected = expected


class Gone(Exception):
    """The whole GPU cannot be asked any more; says why."""


class GpuFigures:
    """One GPU as the message describes it. Sizes are bytes, temperatures °C, power W, clocks MHz, others percent."""

    def __init__(
        self,
        source: str,
        troubles: Troubles,
        name: str,
        uuid: Optional[str] = None,
        pci: Optional[str] = None,
        integrated: Optional[bool] = None,
    ) -> None:
        self.source = source
        self._troubles = troubles
        self.values: Dict[str, Any] = {
            "uuid": uuid,
            "pci": pci,
            "name": name[:MAX_NAME],
            "integrated": integrated,
            "lost": False,
            "device": None,
            "used": None,
            **dict.fromkeys(FIGURES),
        }
        self.missing: Dict[str, str] = {}

    def take(self, figure: str, read: Callable[..., Any], *args: Any) -> None:
        """Measure a figure by `read(*args)`. Whatever goes wrong is its reason, and harms no other."""
        try:
            value = read(*args)
            self.values[figure] = value if figure == THROTTLED_BY else plausible(figure, value)
        except Gone:
            raise
        except Unmeasured as why:
            self.lack(figure, str(why), why.expected)
        except FileNotFoundError:
            self.lack(figure, "the driver does not tell it", expected=True)
        except OSError as error:
            self.lack(figure, os.strerror(error.errno) if error.errno else str(error)[:100])
        except Exception as error:
            self.missing[figure] = f"failed with {type(error).__name__}"
            self._troubles.surprise(self.source, figure, error)
        else:
            self.missing.pop(figure, None)

    def lack(self, figure: str, reason: str, expected: bool = False) -> None:
        """Note why there is no such figure."""
        self.missing[figure] = reason
        self._troubles.note(self.source, "a GPU" if figure == "all" else figure, reason, expected)

    def lose(self, reason: str, expected: bool = False) -> None:
        """Forget all figures: the GPU as a whole cannot be measured."""
        self.values.update(dict.fromkeys(FIGURES))
        self.missing = {}
        self.lack("all", reason, expected)

    def message(self) -> Dict[str, Any]:
        """The GPU as it is sent."""
        return {**self.values, "missing": self.missing}


def plausible(figure: str, value: Any) -> Any:
    """The value, whole or with one decimal; raises `Unmeasured` for what cannot be one."""
    least, most = BOUNDS[figure]
    if not isinstance(value, (int, float)) or not math.isfinite(value) or value in _NOTHING:
        raise Unmeasured("the driver gives no value")
    if not least <= value <= most:
        raise Unmeasured("the driver gives a value that cannot be right")  # which one changes, and would fill the log
    return value if isinstance(value, int) else round(value, 1)


def throttled_by(**reasons: Any) -> List[str]:
    """The names of the reasons that are true, in the order of the protocol."""
    return [name for name in ("power_limit", "power_brake", "heat", "hardware") if reasons.get(name)]
