"""Files by hash on disk: pieces, restarts, lies."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.canonical import sha256_hex
from contracts.wire import PublishError
from ingest.errors import EvidenceRefused
from ingest.evidence_store import EvidenceStore

LIMIT = 10_000


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path, max_file_bytes=LIMIT)


@given(content=st.binary(max_size=3000), sizes=st.lists(st.integers(1, 900), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_pieces_make_the_file_even_across_restarts(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, sizes: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("store")
    told: list[tuple[str, bool]] = []
    name = sha256_hex(content)
    offset: int | None = 0
    turn = 0
    while offset is not None:
        store = EvidenceStore(folder, max_file_bytes=LIMIT, on_complete=lambda sha, new: told.append((sha, new)))
        assert store.received(name) == offset
        piece = content[offset : offset + sizes[turn % len(sizes)]]
        offset = store.append(name, offset=offset, total=len(content), content=piece)
        turn += 1
    assert store.path(name).read_bytes() == content
    assert told == [(name, True)]
    assert store.received(name) is None
    assert told == [(name, True), (name, False)]
    assert list((folder / "partial").iterdir()) == []


def test_a_file_that_is_not_its_name_starts_again(store: EvidenceStore) -> None:
    name = sha256_hex(b"promised")
    with pytest.raises(EvidenceRefused) as raised:
        store.add(name, offset=0, total=5, content=b"other")
    assert raised.value.wrong_hash
    assert store.received(name) == 0
    assert not store.has(name)
    assert store.append(name, offset=0, total=8, content=b"promised") is None


@pytest.mark.parametrize(
    ("offset", "total", "said"),
    [
        (3, 8, "must start there"),
        (-1, 8, "must start there"),
        (0, LIMIT + 1, "limit"),
        (0, -1, "limit"),
        (0, 2, "ends after"),
    ],
)
def test_pieces_that_do_not_fit(store: EvidenceStore, offset: int, total: int, said: str) -> None:
    with pytest.raises(PublishError, match=said):
        store.append(sha256_hex(b"promised"), offset=offset, total=total, content=b"pro")
    assert store.received(sha256_hex(b"promised")) == 0


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n"])
def test_only_hashes_are_names(store: EvidenceStore, name: str) -> None:
    with pytest.raises(EvidenceRefused):
        store.path(name)
    with pytest.raises(PublishError):
        store.append(name, offset=0, total=1, content=b"x")


def test_a_disk_that_is_full_is_told_to_the_node(store: EvidenceStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ingest.evidence_store.os.fsync", full)
    with pytest.raises(PublishError, match="No space left"):
        store.append(sha256_hex(b"x"), offset=0, total=1, content=b"x")


def test_a_piece_that_arrived_but_was_not_acknowledged_is_asked_for(store: EvidenceStore) -> None:
    """The line broke before the answer: the node asks where to go on, and does not send twice."""
    content = b"0123456789"
    name = sha256_hex(content)
    store.append(name, offset=0, total=10, content=content[:6])
    with pytest.raises(EvidenceRefused) as raised:
        store.add(name, offset=0, total=10, content=content[:6])
    assert raised.value.offset == 6
    assert store.append(name, offset=6, total=10, content=content[6:]) is None
