"""A package that was touched must never pass, and the verdict must name the file that was touched."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from contracts.evidence import verify_package
from edge.errors import EvidenceError
from edge.evidence.disk import digest_of
from edge.evidence.package import ClosedPackage
from edge.evidence.signer import KEY_FILE, PUBLIC_FILE, Signer
from edge.evidence.verify import verify
from giaolo.cli import app

Sealed = tuple[Path, Path, ClosedPackage]
NAMES = (
    "still_before.jpg",
    "still_at.jpg",
    "still_after.jpg",
    "crop.jpg",
    "clip.mp4",
    "clip.h264.mp4",
    "event.json",
    "manifest.json",
    "signature.json",
)


@pytest.fixture
def package(sealed: Sealed, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed[1], tmp_path / "package"))


def test_untouched_package_is_intact_and_its_signer_known(sealed: Sealed) -> None:
    folder, package, _ = sealed
    assert sorted(path.name for path in package.iterdir()) == sorted(NAMES)
    verdict = verify(package, folder / "keys" / PUBLIC_FILE)
    assert verdict.faults == ()
    assert verdict.key_is_trusted
    assert verdict.manifest is not None
    assert verdict.manifest.complete
    assert not verify(package, None).key_is_trusted


@pytest.mark.parametrize("name", NAMES)
def test_any_flipped_bit_is_named(sealed: Sealed, tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    """Any bit of any file: beginning, end, and wherever hypothesis looks."""
    folder, original, _ = sealed
    package = Path(shutil.copytree(original, tmp_path_factory.mktemp("flip") / "package"))
    whole = (package / name).read_bytes()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(place=st.integers(0, len(whole) - 1), bit=st.integers(0, 7))
    def flip(place: int, bit: int) -> None:
        content = bytearray(whole)
        content[place] ^= 1 << bit
        (package / name).write_bytes(content)
        for key in (None, folder / "keys" / PUBLIC_FILE):
            verdict = verify(package, key)
            assert not verdict.is_intact
            assert {fault.file for fault in verdict.faults} == {name}
            assert not verdict.key_is_trusted or name not in ("manifest.json", "signature.json")

    flip()


def test_every_byte_of_the_signed_words_is_covered(sealed: Sealed) -> None:
    """Without luck: each byte of manifest, signature and event, in a bit of its own."""
    package = sealed[1]
    words = {name: (package / f"{name}.json").read_bytes() for name in ("manifest", "signature", "event")}
    others = {path.name: digest_of(path) for path in package.iterdir() if path.suffix != ".json"}
    assert verify_package(**words, files=others).is_intact
    for name, whole in words.items():
        for place in range(len(whole)):
            content = bytearray(whole)
            content[place] ^= 1 << (place % 8)
            verdict = verify_package(**(words | {name: bytes(content)}), files=others)
            assert {fault.file for fault in verdict.faults} == {f"{name}.json"}, (name, place)


@pytest.mark.parametrize("name", NAMES)
def test_missing_file_is_named(package: Path, name: str) -> None:
    (package / name).unlink()
    faults = verify(package, None).faults
    assert [(fault.kind, fault.file) for fault in faults] == [("missing", name)]


def test_added_file_is_named(package: Path) -> None:
    (package / "more").mkdir()
    (package / "more" / "second_clip.mp4").write_bytes(b"x")
    faults = verify(package, None).faults
    assert [(fault.kind, fault.file) for fault in faults] == [("extra", "more/second_clip.mp4")]


def test_link_in_place_of_a_file_is_not_followed(sealed: Sealed, package: Path) -> None:
    (package / "clip.mp4").unlink()
    (package / "clip.mp4").symlink_to(sealed[1] / "clip.mp4")
    assert [(fault.kind, fault.file) for fault in verify(package, None).faults] == [("altered", "clip.mp4")]


def test_package_signed_anew_by_another_key_is_not_that_nodes(sealed: Sealed, package: Path, tmp_path: Path) -> None:
    """Somebody who alters a picture, the manifest and the signature is found by the node's public key."""
    other = Signer.from_folder(tmp_path / "other")
    (package / "crop.jpg").write_bytes(b"\xff\xd8 another picture")
    document = json.loads((package / "manifest.json").read_bytes())
    for file in document["files"]:
        if file["name"] == "crop.jpg":
            content = (package / "crop.jpg").read_bytes()
            file.update(size=len(content), sha256=hashlib.sha256(content).hexdigest())
    manifest = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    (package / "manifest.json").write_bytes(manifest)
    (package / "signature.json").write_bytes(other.sign(manifest).to_json())
    assert verify(package, None).is_intact
    verdict = verify(package, sealed[0] / "keys" / PUBLIC_FILE)
    assert [fault.file for fault in verdict.faults] == ["signature.json"]
    assert other.key_id in verdict.faults[0].detail


def test_event_of_another_package_is_refused(sealed: Sealed, package: Path) -> None:
    document = json.loads((package / "event.json").read_bytes())
    document["data"]["track"]["class_name"] = "car"
    (package / "event.json").write_text(json.dumps(document))
    assert [fault.file for fault in verify(package, None).faults] == ["event.json"]


def test_nonsense_gets_words(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="is not a folder"):
        verify(tmp_path / "nothing", None)
    with pytest.raises(EvidenceError, match="no evidence package"):
        verify(tmp_path, None)
    (tmp_path / "manifest.json").write_bytes(b"[]")
    key = tmp_path / "key.pem"
    key.write_text("no key")
    with pytest.raises(EvidenceError, match="not a public key"):
        verify(tmp_path, key)


def test_command_says_so_and_exits_1(sealed: Sealed, package: Path) -> None:
    key = str(sealed[0] / "keys" / PUBLIC_FILE)
    fine = CliRunner().invoke(app, ["verify", str(package), "--key", key])
    assert fine.exit_code == 0, fine.output
    assert "INTACT, complete" in fine.output
    clip = package / "clip.mp4"
    content = bytearray(clip.read_bytes())
    content[len(content) // 2] ^= 1
    clip.write_bytes(content)
    bad = CliRunner().invoke(app, ["verify", str(package), "--json"])
    assert bad.exit_code == 1
    document = json.loads(bad.output)
    assert document["intact"] is False
    assert [fault["file"] for fault in document["faults"]] == ["clip.mp4"]
    assert CliRunner().invoke(app, ["verify", str(package / "nothing")]).exit_code == 2


def test_private_key_is_no_public_key(sealed: Sealed, package: Path) -> None:
    with pytest.raises(EvidenceError, match=PUBLIC_FILE):
        verify(package, sealed[0] / "keys" / KEY_FILE)
