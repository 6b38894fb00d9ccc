"""`giaolo demo`."""

import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from edge.cli_analyse import data_home

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


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

    def leave(*_: object) -> None:
        # Raised wherever the main thread is, so that a long first download ends at once too.
        raise SystemExit(0)

    for signum in STOP_SIGNALS:
        signal.signal(signum, leave)
    demo = Demo(source or [], data=data or data_home() / "demo", port=port)
    try:
        demo.start_centre()
        sys.stdout.write((demo.as_json() if as_json else demo.greeting()) + "\n")
        sys.stdout.flush()
        demo.start_cameras()
        threading.Event().wait()
    finally:
        for signum in STOP_SIGNALS:
            signal.signal(signum, signal.SIG_IGN)
        demo.stop()
