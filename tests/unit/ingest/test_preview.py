"""The newest picture reaches viewers; slow ones skip, nobody waits."""

import asyncio
import threading

from ingest.preview import STILL_WATCH_S, Picture, PreviewHub
from tests.unit.ingest.stories import START


class Seconds:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_who_fetched_a_still_watches_for_a_while() -> None:
    clock = Seconds()
    hub = PreviewHub(clock)
    assert hub.still("bridge") is None
    assert hub.is_watched("bridge")
    clock.now += STILL_WATCH_S
    assert not hub.is_watched("bridge")
    assert not hub.is_watched("tunnel")


def test_a_slow_viewer_gets_the_newest_and_not_the_backlog() -> None:
    hub = PreviewHub()

    async def look() -> list[bytes]:
        seen = []
        async for picture in hub.pictures("bridge", patience_s=5):
            assert picture is not None
            seen.append(picture.jpeg)
            if picture.jpeg == b"9":
                break
            for number in range(5, 10):
                hub.show("bridge", b"%d" % number, START)
        return seen

    hub.show("bridge", b"1", START)
    assert asyncio.run(look()) == [b"1", b"9"]


def test_pictures_shown_from_another_thread_wake_the_viewer_and_close_ends_it() -> None:
    hub = PreviewHub()
    seen: list[Picture | None] = []

    async def look() -> None:
        seen.extend([picture async for picture in hub.pictures("bridge", patience_s=5)])

    async def main() -> None:
        async with asyncio.TaskGroup() as tasks:
            looking = tasks.create_task(look())
            await asyncio.sleep(0.05)
            assert hub.is_watched("bridge")
            for number in range(3):
                thread = threading.Thread(target=hub.show, args=("bridge", b"%d" % number, START))
                thread.start()
                await asyncio.to_thread(thread.join)
                await asyncio.sleep(0.05)
            hub.close()
            await asyncio.wait_for(looking, 2)

    asyncio.run(main())
    assert [picture.jpeg for picture in seen if picture] == [b"0", b"1", b"2"]
    assert not hub.is_watched("bridge")


def test_without_pictures_the_viewer_is_told_so() -> None:
    hub = PreviewHub()

    async def look() -> Picture | None:
        async for picture in hub.pictures("bridge", patience_s=0.01):
            return picture
        raise AssertionError("ended")

    assert asyncio.run(look()) is None
