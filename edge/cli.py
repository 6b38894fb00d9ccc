"""`giaolo edge run|check`."""

import json
import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from edge.config import NodeConfig, load_node_config
from edge.errors import ConfigError

edge_app = typer.Typer(
    name="edge", help="One edge node: runs cameras, or says why one does not work.", no_args_is_help=True
)


@edge_app.command("check")
def check_command(
    url: Annotated[str, typer.Argument(help="rtsp://user:password@host/path, or a video file")],
    seconds: Annotated[float, typer.Option(help="how long to watch the stream", min=1, max=120)] = 5.0,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document, for scripts")] = False,
) -> None:
    """Says in words why a camera does not work, or how good its stream is. Exit status 1 when there is a problem."""
    from edge.stream.check import check

    report = check(url, seconds=seconds)
    typer.echo(json.dumps(report.to_dict(), ensure_ascii=False) if as_json else report.text())
    raise typer.Exit(0 if report.ok else 1)


@edge_app.command("run")
def run_command(
    config: Annotated[Path, typer.Option(help="node file (YAML); see docs/engineer.md")],
) -> None:
    """Runs one edge node until SIGTERM or Ctrl-C: reads its cameras and publishes to Kafka."""
    node_config = load_node_config(config)
    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stop.set())
    run_node(node_config, stop)


def run_node(config: NodeConfig, stop: threading.Event) -> None:
    """Runs a node against Kafka and the centre of its file until `stop` is set."""
    from contracts.collector import settle
    from edge.node import Node
    from edge.outbox.http_sink import HttpEvidenceSink, HttpPreviewSink
    from edge.outbox.kafka_publisher import KafkaPublisher
    from edge.outbox.set_aside import OUTBOX, SetAside

    if config.kafka is None or config.centre is None:
        raise ConfigError(
            "the node file needs `kafka: {bootstrap: host:9092}` and `centre: {url: https://…, token: …}`; "
            "everything on one machine is `giaolo demo`"
        )
    url, token = config.centre.url, config.centre.token.get_secret_value()
    node = Node(
        config,
        publisher=KafkaPublisher(
            config.kafka.bootstrap,
            client_id=config.kafka.client_id,
            options=config.kafka.client_options(),
            set_aside=SetAside(config.data / OUTBOX),
        ),
        evidence=HttpEvidenceSink(url, token),
        preview=HttpPreviewSink(url, token, node=config.node),
    )
    site = None
    if config.shares_cameras:
        from edge.assignment.site_cameras import SiteCameras

        site = SiteCameras(config, node.set_cameras)
        node.tell_faults(site.faults)
    node.start()
    if site is not None:
        site.start()
    settle()
    stop.wait()
    if site is not None:
        site.stop()
    node.stop(drain_s=5)
