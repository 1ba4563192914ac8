"""The graphics cards that Linux lists, and what they are called."""

import os
import re
from typing import List, NamedTuple, Optional

from .sysfs import names_in, read_fields, read_text_or_none

MAX_CARDS = 64
MAX_ID_FILE = 8 << 20  # bytes; pci.ids has 1.5 million
_PCI = re.compile(r"[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]")


class Card(NamedTuple):
    """A graphics card with its folders; the ids are lower case without prefix."""

    folder: str
    device: str
    driver: str
    pci: Optional[str]
    vendor_id: str
    device_id: str


def list_cards(root: str, drivers: "tuple[str, ...]") -> List[Card]:
    """The cards of these drivers; reading what is read here wakes none that sleeps."""
    cards = []
    drm = os.path.join(root, "sys/class/drm")
    for name in names_in(drm):
        if not re.fullmatch(r"card\d+", name):
            continue
        device = os.path.join(drm, name, "device")
        facts = read_fields(os.path.join(device, "uevent"), "=")
        if facts.get("DRIVER") not in drivers:
            continue
        vendor_id, _, device_id = facts.get("PCI_ID", "").lower().partition(":")
        pci = facts.get("PCI_SLOT_NAME", "").lower()
        cards.append(
            Card(
                os.path.join(drm, name), device, facts["DRIVER"], pci if _PCI.fullmatch(pci) else None, vendor_id, device_id
            )
        )
    cards.sort(key=lambda card: card.pci or card.folder)
    return cards[:MAX_CARDS]


def power_state(card: Card) -> Optional[str]:
    """`suspended` for a card that is switched off to save power: to ask it for anything else would switch it on."""
    return read_text_or_none(f"{card.device}/power/runtime_status")


def pci_name(root: str, vendor_id: str, device_id: str) -> Optional[str]:
    """What the system's list of PCI devices calls it, such as `DG2 [Arc A770]`."""
    for place in ("usr/share/hwdata/pci.ids", "usr/share/misc/pci.ids"):
        found = _line_of(_read(os.path.join(root, place)), vendor_id, device_id)
        if found:
            return found
    return None


def amdgpu_name(root: str, device_id: str, revision: str) -> Optional[str]:
    """What AMD's own list calls it, such as `AMD Radeon RX 7900 XTX`; ids as in the list, without prefix."""
    for place in ("usr/share/libdrm/amdgpu.ids", "opt/amdgpu/share/libdrm/amdgpu.ids"):
        text = _read(os.path.join(root, place)).decode("utf-8", "replace")
        wanted = rf"^\s*{re.escape(device_id)}\s*,\s*{re.escape(revision)}\s*,\s*(.+?)\s*$"
        found = re.search(wanted, text, re.IGNORECASE | re.MULTILINE)
        if found:
            return found.group(1)
    return None


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(MAX_ID_FILE)
    except OSError:
        return b""


def _line_of(ids: bytes, vendor_id: str, device_id: str) -> Optional[str]:
    """Devices stand below their vendor, each behind a tabulator."""
    start = ids.find(f"\n{vendor_id}  ".encode())
    if start < 0:
        return None
    block = re.compile(rb"\n[0-9a-f]{4}  ").search(ids, start + 1)
    found = ids.find(f"\n\t{device_id}  ".encode(), start, block.start() if block else len(ids))
    if found < 0:
        return None
    return ids[found + 2 : ids.find(b"\n", found + 2)].decode("utf-8", "replace").partition("  ")[2].strip() or None
