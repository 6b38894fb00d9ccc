"""Pictures out of whatever a decoder gives."""

import av
import numpy as np
import pytest

from edge.stream.source import Converter

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
