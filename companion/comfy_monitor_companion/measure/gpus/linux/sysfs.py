"""Reads the small files in which Linux tells about its devices."""

import os
from typing import Dict, List, Optional

from ..figures import Unmeasured

MAX_FILE = 8192  # bytes
MAX_NUMBER = 40  # digits


def read_bytes(path: str, most: int = MAX_FILE) -> bytes:
    """The beginning of a file; plain system calls, a fifth of the cost of `open`."""
    file = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        return os.read(file, most)
    finally:
        os.close(file)


def read_text(path: str) -> str:
    return read_bytes(path).decode("utf-8", "replace").strip()


def read_number(path: str, base: int = 10) -> int:
    """The number that is the whole of a file; raises `Unmeasured` if something else is."""
    content = read_bytes(path)
    try:
        return int(content[:MAX_NUMBER], base)
    except ValueError:
        text = content.decode("utf-8", "replace").strip()
        raise Unmeasured(f"the driver says “{text[:30]}”" if text else "the driver says nothing") from None


def read_text_or_none(path: str) -> Optional[str]:
    try:
        return read_text(path) or None
    except OSError:
        return None


def read_fields(path: str, separator: str) -> Dict[str, str]:
    """Lines such as `NAME=value` or `name: value`."""
    try:
        lines = read_text(path).split("\n")
    except OSError:
        return {}
    pairs = (line.partition(separator) for line in lines)
    return {name.strip(): value.strip() for name, found, value in pairs if found}


def names_in(folder: str) -> List[str]:
    """The names in a folder, in order; none where there is no such folder."""
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


class Hwmon:
    """The sensors of one device, found by their labels."""

    def __init__(self, device: str, names: "tuple[str, ...]") -> None:
        """`names` are the drivers whose sensors are meant."""
        folders = [os.path.join(device, "hwmon", name) for name in names_in(os.path.join(device, "hwmon"))]
        named = [folder for folder in folders if read_text_or_none(os.path.join(folder, "name")) in names]
        self.folder: Optional[str] = named[0] if named else None
        self._files = frozenset(names_in(named[0])) if named else frozenset()

    def has(self, file: str) -> bool:
        return file in self._files

    def number(self, file: str) -> int:
        """The number in a file of the sensors."""
        if self.folder is None:
            raise Unmeasured("the driver has no sensors for it", expected=True)
        return read_number(f"{self.folder}/{file}")

    def channel(self, kind: str, suffix: str, labels: "tuple[str, ...]") -> Optional[str]:
        """Such as `temp2` for (`temp`, `_input`): the first with one of the labels, in their order, or the first."""
        channels = sorted(
            (name[: -len(suffix)] for name in self._files if name.startswith(kind) and name.endswith(suffix)),
            key=lambda name: (len(name), name),
        )
        folder = self.folder or ""
        by_label = {read_text_or_none(os.path.join(folder, f"{name}_label")): name for name in reversed(channels)}
        return next((by_label[label] for label in labels if label in by_label), channels[0] if channels else None)
