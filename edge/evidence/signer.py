"""The node's Ed25519 key: made at the first start, never leaves the node."""

import os
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from contracts.evidence import Signature, key_id, public_key_text, sign
from edge.errors import EvidenceError

KEY_FILE = "node.key.pem"
PUBLIC_FILE = "node.public.pem"


class Signer:
    """Signs manifests with the node's key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self._public = key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of the raw public key."""
        return key_id(self._public)

    @property
    def public_key(self) -> str:
        """Base64 of the raw key, for health reports."""
        return public_key_text(self._public)

    @property
    def public_bytes(self) -> bytes:
        """The raw 32 bytes."""
        return self._public

    def sign(self, manifest: bytes) -> Signature:
        """Signature over the manifest's bytes."""
        return sign(manifest, self._key)

    @classmethod
    def from_folder(cls, folder: Path) -> "Signer":
        """Key of the node whose key folder this is; made when there is none yet.

        The folder gets mode 0700 and the key 0600. The public key lies beside it, for `giaolo verify --key`.

        Raises:
            EvidenceError: others can read the key, it is no Ed25519 key, or it cannot be read or written.
        """
        path = folder / KEY_FILE
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():
                _make_key(path)
            _check_private(folder)
            _check_private(path)
            key = load_pem_private_key(path.read_bytes(), password=None)
        except OSError as error:
            raise EvidenceError(
                f"{path}: cannot be used ({error.strerror}); check its owner and the folder's"
            ) from None
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise EvidenceError(
                f"{path}: is not a private key in PEM without a password; restore it from a copy, or move it away to "
                "get a new one (the centre then sees a new key)"
            ) from None
        if not isinstance(key, Ed25519PrivateKey):
            raise EvidenceError(f"{path}: is a key of another kind, expected Ed25519")
        return cls(key)


def read_public_key(path: Path) -> bytes:
    """Raw public key from a PEM file; EvidenceError says what is wrong with it."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise EvidenceError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, UnsupportedAlgorithm):
        raise EvidenceError(
            f"{path}: is not a public key in PEM; take {PUBLIC_FILE} from the node's key folder"
        ) from None
    if not isinstance(key, Ed25519PublicKey):
        raise EvidenceError(f"{path}: is a key of another kind, expected Ed25519")
    return key.public_bytes_raw()


def _make_key(path: Path) -> None:
    """Key and public key; never overwrites, and the key never lies there with a looser mode."""
    key = Ed25519PrivateKey.generate()
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write_new(temporary, private, 0o600)
    try:
        os.link(temporary, path)  # fails when another process was first: then its key counts
    except FileExistsError:
        return
    finally:
        temporary.unlink()
    public = path.with_name(PUBLIC_FILE)
    public.unlink(missing_ok=True)
    _write_new(public, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), 0o644)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_new(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _check_private(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        wanted = "700" if path.is_dir() else "600"
        raise EvidenceError(
            f"{path}: others on this machine can use the node's key (mode {mode:04o}); "
            f"run: chmod {wanted} {path} - and think about a new key when others work here"
        )
