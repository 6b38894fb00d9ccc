"""The centre's check of a package: each way it can be wrong is said, with the file's name."""

from pathlib import Path

import pytest

from contracts.canonical import sha256_hex
from contracts.evidence import event_document, public_key_text
from ingest.evidence_store import EvidenceStore
from ingest.verify import PackageOnDisk, check_package
from tests.unit.ingest.stories import KEY, OTHER_KEY, Package, a_package, an_event

EVENT = an_event(1)
KNOWN = public_key_text(KEY.public_key().public_bytes_raw())
OTHER = public_key_text(OTHER_KEY.public_key().public_bytes_raw())


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path, max_file_bytes=2**20)


def kept(store: EvidenceStore, package: Package) -> PackageOnDisk:
    for sha256, content in package.contents.items():
        store.append(sha256, offset=0, total=len(content), content=content)
    data = package.sealed.data
    return PackageOnDisk(data.manifest_sha256, data.files, event_document(EVENT))


def test_a_good_package(store: EvidenceStore) -> None:
    check = check_package(store, kept(store, a_package(EVENT)), KNOWN)
    assert (check.verified, check.problem) == (True, None)
    assert check.signed_by == sha256_hex(KEY.public_key().public_bytes_raw())[:16]


def test_what_cannot_be_said_yet(store: EvidenceStore) -> None:
    package = kept(store, a_package(EVENT))
    assert check_package(store, package, None).verified is None
    waiting = PackageOnDisk(package.manifest_sha256, package.files, None)
    assert check_package(store, waiting, KNOWN).verified is None


@pytest.mark.parametrize("name", ["clip.mp4", "still_at.jpg", "manifest.json", "signature.json"])
def test_a_byte_that_changed_on_disk_is_found(store: EvidenceStore, name: str) -> None:
    package = a_package(EVENT)
    on_disk = kept(store, package)
    path = store.path(sha256_hex(package.content(name)))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    check = check_package(store, on_disk, KNOWN)
    assert check.verified is False
    assert check.problem is not None
    assert name in check.problem


def test_another_event_or_key_or_manifest(store: EvidenceStore) -> None:
    package = kept(store, a_package(EVENT))
    other_event = PackageOnDisk(package.manifest_sha256, package.files, event_document(an_event(2)))
    assert "event.json" in str(check_package(store, other_event, KNOWN).problem)
    assert "expected key" in str(check_package(store, package, OTHER).problem)
    other_manifest = PackageOnDisk("0" * 64, package.files, package.event)
    assert "announced" in str(check_package(store, other_manifest, KNOWN).problem)


def test_a_package_without_its_signature(store: EvidenceStore) -> None:
    package = kept(store, a_package(EVENT))
    files = tuple(file for file in package.files if file.role != "signature")
    check = check_package(store, PackageOnDisk(package.manifest_sha256, files, package.event), KNOWN)
    assert "signature is missing" in str(check.problem)
