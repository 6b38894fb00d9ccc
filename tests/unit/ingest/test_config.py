"""The centre's file: what it may say, and what is answered to nonsense."""

from pathlib import Path

import pytest

from ingest.config import load_centre_config
from ingest.errors import ConfigError


def written(folder: Path, text: str) -> Path:
    path = folder / "centre.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_smallest_file_is_enough(tmp_path: Path) -> None:
    config = load_centre_config(written(tmp_path, "data: store\n"))
    assert config.data == tmp_path / "store"
    assert config.database_url == f"sqlite:///{tmp_path / 'store' / 'centre.sqlite'}"
    assert config.zone.key == "Asia/Ho_Chi_Minh"


def test_a_large_site(tmp_path: Path) -> None:
    text = """
        data: store
        database: postgresql+psycopg://giaolo:s3cret@db/giaolo
        bus: kafka
        kafka: {bootstrap: "k1:9092,k2:9092"}
        dashboard: dist
    """
    config = load_centre_config(written(tmp_path, text))
    assert config.database_url.endswith("giaolo:s3cret@db/giaolo")
    assert config.dashboard == tmp_path / "dist"
    assert "s3cret" not in repr(config)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "whole file"),
        ("data: [", "is not YAML"),
        ("- 1", "whole file"),
        ("port: 80", "data: Field required"),
        ("data: d\nport: 70000", "port"),
        ("data: d\ncolour: red", "colour: Extra inputs"),
        ("data: d\ntimezone: Mars/Base", "no time zone"),
        ("data: d\ntimezone: ../../etc/passwd", "no time zone"),
        ("data: d\ncountry: XX", "there is no law of 'XX'"),
        ("data: d\nbus: kafka", "add `kafka"),
        ('data: d\nkafka: {bootstrap: "k:9092"}', "bus: kafka"),
        ("data: d\ndatabase: mysql://root:s3cret@db/x", "no database this program knows"),
        ("data: d\ndatabase: s3cret", "no database address"),
        ("data: d\nversion: 2", "version"),
        ("data: d\npublic_url: centre.example", "public_url"),
        ("data: d\nlive: {node_silent_s: 0}", "live.node_silent_s"),
        ("data: d\naccess: {trusted_proxies: [everywhere]}", "trusted_proxies"),
    ],
)
def test_nonsense_is_named_and_shows_no_secret(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load_centre_config(written(tmp_path, text))
    assert said in str(raised.value)
    assert "centre.yaml" in str(raised.value)
    assert "s3cret" not in str(raised.value)


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load_centre_config(written(tmp_path, "port: x\ntimezone: y\n"))
    assert [word for word in ("data", "port", "timezone") if word in str(raised.value)] == ["data", "port", "timezone"]


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_centre_config(tmp_path / "none.yaml")
    (tmp_path / "picture.yaml").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_centre_config(tmp_path / "picture.yaml")
