"""Pictures out of whatever a decoder gives."""

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from edge.picture import shrunk
from edge.stream.source import Converter, DecodedPicture

GRAY = np.tile(np.linspace(20, 230, 64).astype(np.uint8), (48, 1))


def picture(format_name: str) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(GRAY, format="gray").reformat(format=format_name)


FORMATS = ["yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "nv12", "gray", "rgb24", "yuyv422", "yuv420p10le"]


@pytest.mark.parametrize("format_name", FORMATS)
def test_luma_of_every_kind_of_picture(format_name: str) -> None:
    luma = Converter().luma(picture(format_name))
    assert luma.shape == (48, 64)
    assert luma.dtype == np.uint8
    low, high = (20, 230) if format_name in ("gray", "rgb24", "yuvj420p", "yuvj422p") else (33, 214)
    assert luma[:, 0].mean() == pytest.approx(low, abs=20)
    assert luma[:, -1].mean() == pytest.approx(high, abs=20)
    assert (np.diff(luma.astype(int).mean(axis=0)) >= -1).all()


@pytest.mark.parametrize("format_name", FORMATS)
def test_colour_of_every_kind_of_picture(format_name: str) -> None:
    image = Converter().bgr(picture(format_name))
    assert image.shape == (48, 64, 3)
    assert image.dtype == np.uint8
    assert np.abs(image.astype(int) - GRAY[:, :, None]).mean() < 4


def test_one_converter_follows_a_change_of_size() -> None:
    converter = Converter()
    for width, height in ((64, 48), (32, 24), (64, 48)):
        assert converter.bgr(picture("yuv420p").reformat(width, height)).shape == (height, width, 3)


def road(width: int, height: int) -> av.VideoFrame:
    """Soft shapes of many sizes and colours, as a camera would give them."""
    noise = np.random.default_rng(3).integers(60, 196, (height // 24, width // 24, 3), np.uint8)
    drawn = np.asarray(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
    return av.VideoFrame.from_ndarray(drawn, format="bgr24").reformat(format="yuv420p")


@pytest.mark.parametrize("width", [640, 638, 352, 66])
def test_the_view_holds_what_a_copy_holds(width: int) -> None:
    frame = road(width, 48)
    assert (Converter().bgr(frame) == frame.reformat(format="bgr24").to_ndarray()).all()


def test_a_view_outlives_its_frame_and_the_next_ones() -> None:
    converter = Converter()
    first = converter.bgr(picture("yuv420p"))
    held = first.copy()
    for _ in range(50):
        converter.bgr(road(64, 48))
    assert (first == held).all()


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (800, 600)])
def test_scaled_as_it_is_put_into_colours_it_is_the_same_picture(size: tuple[int, int]) -> None:
    decoded = DecodedPicture(road(*size), Converter())
    small = decoded.bgr_within(640, 384)
    assert small.shape[1] == 640 or small.shape[0] == 384
    beside = shrunk(decoded.bgr(), small.shape[1], small.shape[0])
    # Colours are at half the size in the decoder's picture: only brightness can be told this well.
    gray, gray_beside = (cv2.cvtColor(one, cv2.COLOR_BGR2GRAY).astype(int) for one in (small, beside))
    assert np.abs(gray - gray_beside).mean() < 1
    assert np.abs(small.astype(int) - beside).mean() < 3


def test_nothing_is_made_whole_for_a_look_at_less() -> None:
    class Counting(Converter):
        whole = 0

        def bgr(self, frame: av.VideoFrame) -> NDArray[np.uint8]:
            self.whole += 1
            return super().bgr(frame)

    converter = Counting()
    decoded = DecodedPicture(road(1920, 1080), converter)
    assert decoded.size == (1920, 1080)
    assert decoded.bgr_within(640, 384).shape == (360, 640, 3)
    assert converter.whole == 0
    assert decoded.bgr() is decoded.bgr()
    assert converter.whole == 1


def test_a_picture_that_fits_is_left_as_it_is() -> None:
    decoded = DecodedPicture(road(640, 360), Converter())
    assert decoded.bgr_within(640, 384) is decoded.bgr()
