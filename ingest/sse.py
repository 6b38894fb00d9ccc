"""Server-sent events as bytes (WHATWG HTML, section 9.2): each change is written once, whoever looks."""

from dataclasses import dataclass

PING = b": ping\n\n"


@dataclass(frozen=True, slots=True)
class LiveMessage:
    """One message of the stream. `id` None: figures only, not kept for who comes back."""

    id: int | None
    camera: str
    wire: bytes


@dataclass(frozen=True, slots=True)
class Chunk:
    """Messages that go to a client in one write."""

    messages: tuple[LiveMessage, ...]
    wire: bytes

    def after(self, position: int) -> bytes:
        """Without what the client has already."""
        first = next((one.id for one in self.messages if one.id is not None), None)
        if first is None or first > position:
            return self.wire
        return b"".join(one.wire for one in self.messages if one.id is None or one.id > position)


def chunk_of(messages: tuple[LiveMessage, ...]) -> Chunk:
    """All of them in one piece."""
    return Chunk(messages, b"".join(one.wire for one in messages))


def block(
    *,
    event: str | None = None,
    data: str | None = None,
    number: int | None = None,
    retry_ms: int | None = None,
    comment: str | None = None,
) -> bytes:
    """One event. `data` is JSON without line breaks; ValueError otherwise."""
    if data is not None and ("\n" in data or "\r" in data):
        raise ValueError("data of a server-sent event must be one line of JSON")
    fields = (("", comment), ("event", event), ("data", data), ("id", number), ("retry", retry_ms))
    lines = [f"{name}: {value}\n" for name, value in fields if value is not None]
    return "".join([*lines, "\n"]).encode()
