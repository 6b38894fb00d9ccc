"""`giaolo demo`."""

import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from contracts.errors import UsageError
from edge.cli_analyse import data_home


def demo_command(
    source: Annotated[
        list[str] | None,
        typer.Option(help="rtsp://user:password@host/path or a video file; may be given more than once"),
    ] = None,
    port: Annotated[int, typer.Option(help="of the web page; 0 takes any free one", min=0, max=65535)] = 8080,
    data: Annotated[Path | None, typer.Option(help="folder for everything the demo keeps")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="first line on stdout: address, user name and password as JSON")
    ] = False,
) -> None:
    """Runs the whole road on this machine: cameras, detection, rules, evidence, centre and dashboard, in one process.

    Without --source two sample clips play as cameras. Ctrl-C stops it.
    """
    from giaolo.demo import Demo

    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stop.set())
    demo = Demo(source or [], data=data or data_home() / "demo", port=port)
    try:
        demo.start_centre()
        sys.stdout.write((demo.as_json() if as_json else demo.greeting()) + "\n")
        sys.stdout.flush()
        demo.start_cameras(stop)
        stop.wait()
    except UsageError:
        raise
    finally:
        demo.stop()
