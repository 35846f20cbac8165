"""One file that holds an instance: a tar of parts, each with its sha256 in `manifest.json`, which comes last.

tables/<name>.copy.gz   what `COPY ... TO STDOUT` said, packed; no schema: migrations make it again on any PostgreSQL we run on
files/<path>            uploads as they lie under MEDIA_ROOT
manifest.json           versions, counts, heads, book totals, sha256 and size of every part
An archive without its manifest was cut off. Reading trusts nothing: names, kinds and sizes are checked before a byte is used.
"""

import contextlib
import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from guanxi.supervisor.trouble import Trouble

FORMAT = 1
MANIFEST = "manifest.json"
LONGEST_MANIFEST = 256 * 1024 * 1024
BLOCK = 1024 * 1024
TABLE = re.compile(r"tables/([a-z][a-z0-9_]{0,62})\.copy\.gz")
STEP = re.compile(r"[^/\\\x00-\x1f\x7f]{1,200}")
OTHER = "Take another archive; `guanxi restore --check FILE` proves one beforehand."


@dataclass(frozen=True)
class Part:
    """One member: bytes as stored, and `plain`, the bytes it unpacks to."""

    sha256: str
    size: int
    plain: int
    rows: int = 0


@dataclass
class Manifest:
    """What the archive says about itself. `figures` were taken in the same snapshot as the tables."""

    made_at: str
    version: str
    postgres: str
    migrations: list[list[str]]
    columns: dict[str, list[str]]
    figures: dict[str, Any]
    left_out: dict[str, str]
    missing_files: list[str] = field(default_factory=list)
    with_files: bool = True
    parts: dict[str, Part] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def tables(self) -> list[str]:
        """Names of the tables inside."""
        return [found[1] for name in self.parts if (found := TABLE.fullmatch(name))]

    @property
    def files(self) -> list[str]:
        """Paths of the uploads inside, relative to MEDIA_ROOT."""
        return [name.removeprefix("files/") for name in self.parts if name.startswith("files/")]

    @property
    def plain(self) -> int:
        """Bytes all parts unpack to."""
        return sum(part.plain for part in self.parts.values())


class Writer:
    """Adds parts to a half-written file beside the target; `finish` gives it its name, readable by its owner alone."""

    def __init__(self, target: Path) -> None:
        self.target, self.half = target, target.with_name(target.name + ".part")
        self.parts: dict[str, Part] = {}
        self.out = os.fdopen(os.open(self.half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self.half.chmod(0o600)
        self.tar = tarfile.open(fileobj=self.out, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 closed by `finish`

    def add_table(self, name: str, fill: Callable[[Callable[[bytes], object]], int]) -> None:
        """`fill(write)` writes the rows and returns their number; they wait packed in a temporary file, since a tar wants sizes first."""
        plain = 0
        with tempfile.TemporaryFile(dir=self.target.parent) as packed:
            with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as squeeze:

                def write(block: bytes) -> None:
                    nonlocal plain
                    plain += len(block)
                    squeeze.write(block)

                rows = fill(write)
            size = packed.tell()
            packed.seek(0)
            self._add(f"tables/{name}.copy.gz", packed, size, plain=plain, rows=rows)

    def add_file(self, path: str, source: Path) -> bool:
        """One upload; False when it is gone."""
        try:
            with source.open("rb") as file:
                self._add(f"files/{path}", file, os.fstat(file.fileno()).st_size)
        except FileNotFoundError:
            return False
        return True

    def finish(self, manifest: Manifest) -> Path:
        """The manifest as the last part, everything on the disk, and the archive under its name."""
        manifest.parts = self.parts
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        self.tar.addfile(_info(MANIFEST, len(text)), io.BytesIO(text))
        self.tar.close()
        self.out.flush()
        os.fsync(self.out.fileno())
        self.out.close()
        self.half.replace(self.target)
        return self.target

    def give_up(self) -> None:
        """Nothing stays behind."""
        self.out.close()
        self.half.unlink(missing_ok=True)

    def _add(self, name: str, source: IO[bytes], size: int, *, plain: int | None = None, rows: int = 0) -> None:
        counted = _Counted(source, size)
        self.tar.addfile(_info(name, size), counted)
        self.parts[name] = Part(counted.total.hexdigest(), size, size if plain is None else plain, rows)


class _Counted:
    """Reads exactly `left` bytes and hashes them; a file that shrank meanwhile reads as zeros, and its sha256 says so later."""

    def __init__(self, source: IO[bytes], left: int) -> None:
        self.source, self.left, self.total = source, left, hashlib.sha256()

    def read(self, size: int = BLOCK) -> bytes:
        block = self.source.read(min(size, self.left))
        block = block or bytes(min(size, self.left))
        self.left -= len(block)
        self.total.update(block)
        return block


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


@contextlib.contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """A writer whose half-made file disappears when anything goes wrong. Raises Trouble when the target is there or cannot be written."""
    if target.exists():
        raise Trouble(f"{target} is there already.", remedy="Choose another name: an archive is never written over.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        writer = Writer(target)
    except OSError as error:
        raise Trouble(f"{target} cannot be written: {error.strerror}.", remedy="Choose another place with room.") from error
    try:
        yield writer
    except OSError as error:
        writer.give_up()
        raise Trouble(f"{target} could not be finished: {error.strerror or error}.", remedy="Free space, or choose another place.") from error
    except BaseException:
        writer.give_up()
        raise


def verify(file: Path) -> Manifest:
    """Read it from one end to the other: every member allowed, every sha256 as the manifest says. Raises Trouble that names the part."""
    seen: dict[str, tuple[str, int]] = {}
    manifest: Manifest | None = None
    for name, size, blocks in members(file):
        if manifest is not None:
            raise _refused(file, f"{name} comes after the manifest")
        if name == MANIFEST:
            manifest = _manifest(file, size, blocks)
            continue
        total = hashlib.sha256()
        for block in blocks:
            total.update(block)
        seen[name] = (total.hexdigest(), size)
    if manifest is None:
        last = next(reversed(seen), "its beginning")
        raise Trouble(f"{file} is cut off after {last}: it has no manifest.", remedy=OTHER)
    _compare(file, manifest, seen)
    return manifest


def _compare(file: Path, manifest: Manifest, seen: dict[str, tuple[str, int]]) -> None:
    wrong = [name for name, part in manifest.parts.items() if name in seen and seen[name] != (part.sha256, part.size)]
    lost = [name for name in manifest.parts if name not in seen]
    strange = [name for name in seen if name not in manifest.parts]
    for words, names in (("was changed", wrong), ("is missing", lost), ("is not in the manifest", strange)):
        if names:
            more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
            raise Trouble(f"{file}: {names[0]} {words}{more}.", remedy=OTHER)


def members(file: Path) -> Generator[tuple[str, int, Iterator[bytes]], None, None]:
    """(name, size, blocks) of every member in order. Raises Trouble for what we never write: links, devices, ways out, doubles."""
    seen: dict[str, None] = {}
    try:
        with tarfile.open(file, mode="r:") as tar:
            for info in tar:
                if info.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or info.sparse is not None:
                    raise _refused(file, f"{info.name!r} is no plain file")
                if info.name in seen or not allowed(info.name):
                    raise _refused(file, f"{info.name!r} has no business here")
                seen[info.name] = None
                source = tar.extractfile(info)
                assert source is not None  # a plain file has bytes
                yield info.name, info.size, _exactly(file, info, source)
    except FileNotFoundError:
        raise Trouble(f"{file} is not there.", remedy="Name an archive that `guanxi backup` made.") from None
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Trouble(f"{file} cannot be read to its end, last part {next(reversed(seen), 'none')}: {error}.", remedy=OTHER) from error


@contextlib.contextmanager
def part(file: Path, name: str) -> Iterator[Iterator[bytes]]:
    """The stored bytes of one member."""
    for other, _size, blocks in members(file):
        if other == name:
            yield blocks
            return
    raise _refused(file, f"{name} is not there any more")


def _exactly(file: Path, info: tarfile.TarInfo, source: IO[bytes]) -> Iterator[bytes]:
    left = info.size
    while left:
        try:
            block = source.read(min(BLOCK, left))
        except (tarfile.TarError, OSError):
            block = b""
        if not block:
            raise Trouble(f"{file} is cut off inside {info.name}, or cannot be read there.", remedy=OTHER)
        left -= len(block)
        yield block


def allowed(name: str) -> bool:
    """Whether we would write a part of this name: nothing leaves the folder it is unpacked into."""
    if name == MANIFEST or TABLE.fullmatch(name):
        return True
    steps = name.split("/")
    return steps[0] == "files" and 1 < len(steps) < 9 and all(STEP.fullmatch(step) and step not in (".", "..") for step in steps)


def unpacked(name: str, blocks: Iterable[bytes], part: Part) -> Iterator[bytes]:
    """The plain bytes of a packed table, never more than the manifest announces (a bomb ends here). Raises Trouble."""
    left = part.plain
    try:
        with gzip.GzipFile(fileobj=_Joined(blocks)) as source:
            while block := source.read(BLOCK):
                left -= len(block)
                if left < 0:
                    raise Trouble(f"{name} unpacks to more than its manifest says.", remedy=OTHER)
                yield block
    except (OSError, EOFError) as error:
        raise Trouble(f"{name} cannot be unpacked: {error}.", remedy=OTHER) from error


class _Joined(io.RawIOBase):
    """An iterator of blocks as a file."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self.blocks, self.rest = iter(blocks), b""

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        if not self.rest:
            self.rest = next(self.blocks, b"")
        count = min(len(target), len(self.rest))
        target[:count], self.rest = self.rest[:count], self.rest[count:]
        return count


def _manifest(file: Path, size: int, blocks: Iterable[bytes]) -> Manifest:
    if size > LONGEST_MANIFEST:
        raise _refused(file, "its manifest is too long")
    try:
        told = json.loads(b"".join(blocks))
        if told["format"] != FORMAT:
            raise Trouble(f"{file} has the format {told['format']!r}; this version reads {FORMAT}.", remedy="Restore it with the version that made it.")
        parts = {str(name): Part(**part) for name, part in told.pop("parts").items()}
        manifest = Manifest(**told, parts=parts)
        if not all(allowed(name) and min(part.size, part.plain, part.rows) >= 0 for name, part in parts.items()):
            raise ValueError
        if not all(TABLE.fullmatch(f"tables/{name}.copy.gz") and isinstance(names, list) for name, names in manifest.columns.items()):
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _refused(file, "its manifest does not read as one of ours") from None
    return manifest


def _refused(file: Path, words: str) -> Trouble:
    return Trouble(f"{file} is no archive of ours: {words}.", remedy="Nothing was unpacked. " + OTHER)
