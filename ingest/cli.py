"""`giaolo centre`: the consumer, the API and the dashboard."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # heavy imports stay inside the commands, so that `giaolo --help` is quick
    from ingest.centre import Centre
    from ingest.config import CentreConfig


centre_app = typer.Typer(
    name="centre", no_args_is_help=True, help="The centre: takes events from nodes, serves API and dashboard."
)

ConfigOption = Annotated[Path, typer.Option("--config", help="the centre's YAML file (docs/engineer)", metavar="FILE")]


@centre_app.command()
def run(
    config: ConfigOption,
    as_json: Annotated[
        bool, typer.Option("--json", help="first line on stdout: the address, and the one-time link if one is needed")
    ] = False,
) -> None:
    """Runs one centre until Ctrl-C or SIGTERM. The first start prints a one-time link that makes the first admin."""
    from contracts.collector import settle
    from ingest.bus import KafkaBus
    from ingest.centre import Centre
    from ingest.kafka_dead import KafkaDeadLetters

    settings = _load(config)
    bus = KafkaBus(settings.kafka) if settings.kafka is not None else None
    letters = (
        KafkaDeadLetters(settings.kafka.bootstrap, options=settings.kafka.client_options())
        if settings.kafka is not None
        else None
    )
    centre = Centre(settings, letters, bus_faults=bus.faults if bus else None)
    if bus is None:
        sys.stderr.write(
            "giaolo: the bus is `embedded`, so no node on another machine can reach this centre; "
            "set `bus: kafka` to receive events\n"
        )

    def greet(port: int) -> None:
        _greet(centre, settings, port, as_json=as_json)

    def end_bus() -> None:
        if bus is not None:
            bus.stop()
        if letters is not None:
            letters.close()

    def begin(port: int) -> None:
        greet(port)
        settle()
        if bus is not None:
            bus.start(centre.take)

    centre.run(on_ready=begin, before_close=end_bus)


def _load(path: Path) -> "CentreConfig":
    from ingest.config import load_centre_config

    return load_centre_config(path)


def _greet(centre: "Centre", settings: "CentreConfig", port: int, *, as_json: bool) -> None:
    from ingest.access.access import first_admin_link
    from ingest.store.patience import patiently

    url = settings.public_url or f"http://{_shown_host(settings.host)}:{port}"
    link = patiently(lambda: first_admin_link(centre.database, url, settings.access))
    if as_json:
        sys.stdout.write(json.dumps({"url": url, "setup": link}) + "\n")
    else:
        sys.stdout.write(f"\n  Giao Lộ    {url}\n")
        if link is not None:
            sys.stdout.write(f"  Nobody can sign in yet. Open this once to make the first admin:\n  {link}\n")
        sys.stdout.write("  Ctrl-C stops.\n\n")
    sys.stdout.flush()


def _shown_host(host: str) -> str:
    """An address a browser on this machine can open."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - shown, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


@centre_app.command("add-node")
def add_node(
    name: Annotated[str, typer.Argument(help="the node's name, as in its own file under `node:`")],
    config: ConfigOption,
    as_json: Annotated[bool, typer.Option("--json", help="for scripts")] = False,
) -> None:
    """Makes the token a node delivers evidence with. It is shown once; a token the node had before stops working."""
    from ingest.access.access import Access
    from ingest.store import migrate
    from ingest.store.base import Database

    settings = _load(config)
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        migrate.upgrade(database)
        token = Access(database, settings.access).nodes.add(name)
    finally:
        database.close()
    if as_json:
        sys.stdout.write(json.dumps({"node": name, "token": token}) + "\n")
    else:
        sys.stdout.write(f"{token}\n")
        sys.stderr.write("Put it into the node's file under `centre: {url: …, token: …}`. It is not shown again.\n")


@centre_app.command("check-config")
def check_config(config: ConfigOption) -> None:
    """Reads the file and says what is wrong in it, all at once."""
    _load(config)
    sys.stdout.write(f"{config}: good\n")


@centre_app.command()
def retention(
    config: ConfigOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would go, and change nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for scripts")] = False,
) -> None:
    """Deletes what is older than `retention:` keeps it, as the running centre does by itself once a day."""
    from ingest.retention.command import due_now, run_now

    settings = _load(config)
    counts = due_now(settings) if dry_run else run_now(settings)
    if counts is None:
        sys.stderr.write("giaolo: another centre is at it just now; look again later\n")
        raise typer.Exit(1)
    if as_json:
        sys.stdout.write(json.dumps({"is_on": settings.retention.is_on, "dry_run": dry_run, "counts": counts}) + "\n")
        return
    if not settings.retention.is_on:
        sys.stdout.write("retention is switched off (`retention: {is_on: false}`): nothing goes\n")
    for name, number in counts.items():
        sys.stdout.write(f"{number:>12,}  {name.replace('_', ' ')}\n")
