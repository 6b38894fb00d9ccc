"""The embedded bus: records go straight to the centre's `take`, inside one process.

There is no queue of its own. The node's outbox is the durable part; a record counts as taken when the centre's
database transaction has been committed.
"""

from collections.abc import Callable, Sequence

from contracts.wire import PublishError, Record


class EmbeddedBus:
    """Publisher within one process."""

    def __init__(self, take: Callable[[Sequence[Record]], None]) -> None:
        self._take = take

    def publish(self, records: Sequence[Record], *, timeout_s: float) -> list[bool]:  # noqa: ARG002 - the commit bounds it
        """Stores the records before it returns. PublishError when the centre could not commit."""
        try:
            self._take(records)
        except Exception as error:
            raise PublishError(f"the centre did not store the records: {type(error).__name__}: {error}") from error
        return [True] * len(records)

    def close(self) -> None:
        """Nothing is held."""
