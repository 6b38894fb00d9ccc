"""A record becomes a camera of this node: the password comes from the node's own file, and never shows."""

from typing import Any

import pytest
from pydantic import SecretStr

from contracts.camera import CameraRecord
from edge.assignment.setup import setup_of
from edge.config import Credentials
from edge.errors import ConfigError
from edge.scene.load import default_scene
from edge.stream.address import CameraAddress, parse_address

KEYS = {"gate": Credentials(user="ad min", password=SecretStr("p@ss/wörd#?"))}


def record(**changed: Any) -> CameraRecord:
    return CameraRecord.model_validate(
        {"camera": "a", "site": "d1", "url": "rtsp://192.0.2.1/x", "credentials": "gate"} | changed
    )


def test_user_and_password_arrive_at_the_camera_as_written() -> None:
    """Whatever characters they hold."""
    address = parse_address(setup_of(record(), KEYS).config.url.get_secret_value())
    assert isinstance(address, CameraAddress)
    assert (address.user, address.password, address.host) == ("ad min", "p@ss/wörd#?", "192.0.2.1")
    assert "p@ss" not in repr(setup_of(record(), KEYS))


def test_an_address_that_wants_them_inside() -> None:
    url = "rtsp://192.0.2.1/user={user}_password={password}_channel=1"
    keys = {"gate": Credentials(user="u", password=SecretStr("pw"))}
    given = setup_of(record(url=url), keys).config.url.get_secret_value()
    assert given == "rtsp://192.0.2.1/user=u_password=pw_channel=1"


def test_a_camera_without_a_scene_says_so() -> None:
    assert setup_of(record(), KEYS).scene_is_default
    drawn = setup_of(record(scene=default_scene()), KEYS)
    assert not drawn.scene_is_default
    assert setup_of(record(scene=default_scene()), KEYS) == drawn, "the same record needs no restart"
    assert setup_of(record(scene=default_scene(), name="x"), KEYS) != drawn


def test_a_feed_has_its_own_credentials() -> None:
    feed = {"url": "mqtt://h/t", "credentials": "gate"}
    given = setup_of(record(signal_feed=feed), KEYS).config.signal_feed
    assert given is not None
    assert given.url.get_secret_value() == "mqtt://ad%20min:p%40ss%2Fw%C3%B6rd%23%3F@h/t"


def test_credentials_that_are_not_here_are_named() -> None:
    with pytest.raises(ConfigError, match="no entry 'gate' under `credentials`"):
        setup_of(record(), {})
