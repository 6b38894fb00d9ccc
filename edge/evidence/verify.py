"""Is a package still what the node sealed? Needs nothing but the package and, to know who sealed it, the public key."""

from pathlib import Path

from contracts.evidence import EVENT, MANIFEST, SIGNATURE, Digest, Verdict, verify_package
from edge.errors import EvidenceError
from edge.evidence.disk import digest_of
from edge.evidence.signer import read_public_key

_LARGEST_TEXT = 4 * 2**20
"""Bytes; a manifest or event above this is no evidence of ours and is not read into memory."""


def verify(package: Path, public_key: Path | None) -> Verdict:
    """Checks every file of a package folder; the verdict names each that was altered, is missing or too much.

    Args:
        package: the folder.
        public_key: PEM file of the node's public key. None: the key in the package is taken, which shows that
            nothing was altered since, but not by whom it was sealed.

    Raises:
        EvidenceError: this is no package, or a file or the key cannot be read.
    """
    if not package.is_dir():
        raise EvidenceError(f"{package}: is not a folder; name the folder that holds manifest.json")
    names = sorted(path.relative_to(package).as_posix() for path in package.rglob("*") if not path.is_dir())
    if MANIFEST not in names and SIGNATURE not in names:
        raise EvidenceError(f"{package}: holds no {MANIFEST}; it is no evidence package, or its clip is still to come")
    known = None if public_key is None else read_public_key(public_key)
    return verify_package(
        manifest=_text(package / MANIFEST),
        signature=_text(package / SIGNATURE),
        event=_text(package / EVENT),
        files={name: _digest(package / name) for name in names if name not in (MANIFEST, SIGNATURE, EVENT)},
        public_key=known,
    )


def _text(path: Path) -> bytes | None:
    if not path.is_file() or path.is_symlink():
        return None
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_TEXT)
    except OSError as error:
        raise EvidenceError(f"{path}: cannot be read ({error.strerror})") from None


def _digest(path: Path) -> Digest:
    """A link is never followed: what it shows may change after the check."""
    if path.is_symlink():
        return Digest(0, "symbolic link")
    try:
        return digest_of(path)
    except OSError as error:
        raise EvidenceError(f"{path}: cannot be read ({error.strerror})") from None
