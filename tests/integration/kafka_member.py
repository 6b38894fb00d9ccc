"""One member of a consumer group as a process of its own, so that it can be killed: writes what it takes to a file.

python -m tests.integration.kafka_member BOOTSTRAP GROUP TOPIC FILE [INSTANCE]
A line is `time<TAB>key<TAB>value`, the time in seconds of the machine's monotonic clock.
"""

import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from contracts.wire import Record
from ingest.kafka_source import KafkaSource


def main() -> None:
    """Runs until killed."""
    bootstrap, group, topic, path, *instance = sys.argv[1:]
    options = {"group_instance_id": instance[0]} if instance else {}
    source = KafkaSource(bootstrap, group, (topic,), options=options)
    with Path(path).open("a", encoding="utf-8") as out:

        def take(records: Sequence[Record]) -> None:
            now = time.monotonic()
            out.write("".join(f"{now:.6f}\t{record.key}\t{record.value.decode()}\n" for record in records))
            out.flush()

        source.run(take, threading.Event())


if __name__ == "__main__":
    main()
