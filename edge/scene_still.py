"""One picture out of a video or picture file, to draw a scene over."""

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from contracts.health import Reason
from edge.errors import StreamError


def still_of(video: Path, at_s: float) -> NDArray[np.uint8]:
    """Picture at `at_s` seconds, (H, W, 3) BGR; the last one when the video is shorter. StreamError says why not."""
    try:
        with av.open(str(video)) as container:
            picture = None
            for frame in container.decode(video=0):
                picture = frame
                if frame.time is None or frame.time >= at_s:
                    break
            if picture is None:
                raise StreamError(Reason.NO_VIDEO, f"{video}: holds no picture; is it a video or picture file?")
            return np.ascontiguousarray(picture.to_ndarray(format="bgr24"), dtype=np.uint8)
    except FileNotFoundError:
        raise StreamError(Reason.FILE_MISSING, f"{video}: is not there; check the path") from None
    except IndexError:
        raise StreamError(Reason.NO_VIDEO, f"{video}: has no video stream; is it a video or picture file?") from None
    except av.FFmpegError as error:
        raise StreamError(
            Reason.CODEC, f"{video}: cannot be read ({error.strerror}); is it a video or picture?"
        ) from None
