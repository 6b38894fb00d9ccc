"""The key vouches for what fines people: it must be private, stay the same, and never be replaced in silence."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from contracts.evidence import key_id, public_key_bytes
from edge.errors import EvidenceError
from edge.evidence.signer import KEY_FILE, PUBLIC_FILE, Signer, read_public_key


def test_key_is_made_once_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = Signer.from_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert Signer.from_folder(folder).public_key == first.public_key
    assert read_public_key(folder / PUBLIC_FILE) == first.public_bytes == public_key_bytes(first.public_key)
    assert first.key_id == key_id(first.public_bytes)
    assert sorted(path.name for path in folder.iterdir()) == [KEY_FILE, PUBLIC_FILE]


def test_two_nodes_have_two_keys(tmp_path: Path) -> None:
    assert Signer.from_folder(tmp_path / "a").key_id != Signer.from_folder(tmp_path / "b").key_id


@pytest.mark.parametrize(("name", "mode"), [(KEY_FILE, 0o640), (KEY_FILE, 0o604), ("", 0o750)])
def test_key_others_can_read_is_refused(tmp_path: Path, name: str, mode: int) -> None:
    folder = tmp_path / "keys"
    Signer.from_folder(folder)
    (folder / name).chmod(mode)
    with pytest.raises(EvidenceError, match="chmod"):
        Signer.from_folder(folder)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
def test_damaged_key_is_not_replaced_in_silence(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "keys"
    Signer.from_folder(folder)
    (folder / KEY_FILE).write_bytes(content)
    with pytest.raises(EvidenceError, match="restore it"):
        Signer.from_folder(folder)
    assert (folder / KEY_FILE).read_bytes() == content


def test_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    key = generate_private_key(65537, 2048)
    (folder / KEY_FILE).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / KEY_FILE).chmod(0o600)
    with pytest.raises(EvidenceError, match="expected Ed25519"):
        Signer.from_folder(folder)


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EvidenceError, match="cannot be used"):
        Signer.from_folder(tmp_path / "file" / "keys")
