"""What must hold without a broker: the parts kafka-python needs to be quick are installed."""

from kafka import codec
from kafka.record import util


def test_checksums_of_batches_are_not_computed_byte_by_byte_in_python() -> None:
    """kafka-python falls back in silence: 50 microseconds an event, on both sides."""
    assert util.crc32c_c is not None
    assert util.calc_crc32c(memoryview(b"123456789")) == 0xE3069283, "CRC-32C check value (RFC 3720, B.4)"


def test_the_compression_the_nodes_prefer_is_there_to_write_and_to_read() -> None:
    """A centre without it could read nothing of what nodes send."""
    packed = codec.zstd_encode(b"event " * 100_000)
    assert len(packed) < 1_000
    assert codec.zstd_decode(packed) == b"event " * 100_000
