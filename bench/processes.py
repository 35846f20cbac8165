"""CPU, memory and connections of the processes we measure, read from /proc."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def parents() -> dict[int, int]:
    """Every process and its parent."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                found[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def below(root: int) -> list[int]:
    """`root` and everything it started."""
    tree, found, fresh = parents(), {root}, {root}
    while fresh:
        fresh = {pid for pid, parent in tree.items() if parent in fresh} - found
        found |= fresh
    return sorted(found)


def cpu_seconds(root: int) -> float:
    """User and system time of the tree under `root`, that of children who ended included."""
    total = 0
    for pid in below(root):
        try:
            parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(part) for part in parts[11:15])
    return total / TICKS


def own_cpu_seconds() -> float:
    """This process alone."""
    times = os.times()
    return times.user + times.system


def pss_kib(pids: list[int]) -> int:
    """Proportional memory of these processes."""
    total = 0
    for pid in pids:
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return total


def named(pids: list[int], word: str) -> list[int]:
    """Those whose command line holds `word`."""
    found = []
    for pid in pids:
        try:
            if word in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"):
                found.append(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found
