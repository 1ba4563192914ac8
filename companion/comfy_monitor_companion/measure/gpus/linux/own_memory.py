"""What this process itself holds of each GPU's memory, as Linux' graphics drivers count it."""

import os
import re
import time
from typing import Callable, Dict, List, Optional, Set, Tuple

from ..figures import Unmeasured
from .sysfs import read_fields

SEARCH_EVERY = 10.0  # seconds; a process may have thousands of open files
MAX_FILES = 65_536
# The same under three names, the newest first: what is in VRAM now.
_KINDS = ("drm-resident-", "drm-memory-", "drm-total-")
_UNITS = {None: 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


class OwnMemory:
    """Reads `/proc/self/fdinfo` of the graphics devices that this process has opened."""

    def __init__(self, root: str = "/", clock: Callable[[], float] = time.monotonic) -> None:
        self._self = os.path.join(root, "proc/self")
        self._clock = clock
        self._search_at = 0.0
        self._files: List[str] = []
        self._by_pci: Optional[Dict[str, List[Dict[str, str]]]] = None

    def begin(self) -> None:
        """Forget what was read: a new sample begins."""
        self._by_pci = None

    def of(self, pci: Optional[str], regions: Tuple[str, ...]) -> int:
        """Bytes in the regions whose names begin so, such as `vram`; 0 if the device is not open."""
        if pci is None:
            raise Unmeasured("the driver does not tell where the GPU is", expected=True)
        if self._by_pci is None:
            self._by_pci = self._read()
        clients = self._by_pci.get(pci, [])
        amounts = [_amount(fields, regions) for fields in clients]
        known = [amount for amount in amounts if amount is not None]
        if clients and not known:
            raise Unmeasured("this kernel does not tell it", expected=True)
        return sum(known)

    def _read(self) -> Dict[str, List[Dict[str, str]]]:
        now = self._clock()
        if now >= self._search_at:
            self._search_at = now + SEARCH_EVERY
            self._files = self._graphics_files()
        by_pci: Dict[str, List[Dict[str, str]]] = {}
        seen: Set[Tuple[str, str]] = set()
        for file in self._files:
            fields = read_fields(f"{self._self}/fdinfo/{file}", ":")
            pci, client = fields.get("drm-pdev"), fields.get("drm-client-id", file)
            # A file that was opened once and passed on has several numbers, but is one client.
            if pci is not None and (pci, client) not in seen:
                seen.add((pci, client))
                by_pci.setdefault(pci, []).append(fields)
        return by_pci

    def _graphics_files(self) -> List[str]:
        folder = os.path.join(self._self, "fd")
        return [name for name in os.listdir(folder)[:MAX_FILES] if _leads_to(os.path.join(folder, name), "/dev/dri/")]


def _leads_to(link: str, place: str) -> bool:
    try:
        return os.readlink(link).startswith(place)
    except OSError:
        return False


def _amount(fields: Dict[str, str], regions: Tuple[str, ...]) -> Optional[int]:
    """The sum over the regions, of the first kind of counting that the driver has."""
    for kind in _KINDS:
        names = tuple(kind + region for region in regions)
        amounts = [_bytes(value) for name, value in fields.items() if name.startswith(names)]
        if amounts:
            return sum(amounts)
    return None


def _bytes(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,20})(?: ([KMG]iB))?", text)
    if not found:
        raise Unmeasured(f"the driver says “{text[:30]}”")
    return int(found.group(1)) * _UNITS[found.group(2)]
