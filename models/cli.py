"""`giaolo models`: what models there are, and getting them."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
from rich.table import Table

from models.errors import FetchError, UnknownModel
from models.registry import DEFAULT_DETECTOR, Registry

app = typer.Typer(
    name="models",
    no_args_is_help=True,
    add_completion=False,
    help="Model files: list them, get and export them, make them faster, judge them.",
)


@app.command("list")
def list_models(
    as_json: Annotated[bool, typer.Option("--json", help="for scripts: one JSON array on stdout")] = False,
) -> None:
    """Show every model with its licence and whether it is on this machine."""
    registry = Registry()
    if as_json:
        sys.stdout.write(json.dumps([_as_dict(registry, card.name) for card in registry], indent=2) + "\n")
        return
    console = Console()
    table = Table()
    for heading in ("name", "what", "input", "size", "licence", "here"):
        table.add_column(heading, no_wrap=heading != "what")
    for card in registry:
        name = f"{card.name} *" if card.name == DEFAULT_DETECTOR else card.name
        here = "yes" if registry.is_pulled(card.name) else "no"
        size = f"{card.size / 1e6:.1f} MB"
        table.add_row(name, card.title, f"{card.height}x{card.width}", size, card.licence, here)
    console.print(table)
    console.print("* used where nothing else is configured")
    for card in registry:
        console.print(f"[bold]{card.name}[/bold]: {card.licence}. {card.licence_note}", highlight=False)


@app.command()
def pull(
    names: Annotated[
        list[str] | None, typer.Argument(help="names from `giaolo models list`", metavar="[NAME]...")
    ] = None,
) -> None:
    """Get models (without a name: the default detector) and check their SHA-256."""
    registry = Registry()
    console = Console(stderr=True)
    try:
        cards = [registry.card(name) for name in names or [DEFAULT_DETECTOR]]
    except UnknownModel as error:
        console.print(f"[red]{error}[/red]", highlight=False, soft_wrap=True)
        raise typer.Exit(2) from None
    for card in cards:
        console.print(f"{card.name}: {card.licence}. {card.licence_note}", highlight=False, soft_wrap=True)
        try:
            path = _pull_shown(registry, card.name, console)
        except FetchError as error:
            console.print(f"[red]{error}[/red]", highlight=False, soft_wrap=True)
            raise typer.Exit(1) from None
        sys.stdout.write(f"{path}\n")


def _pull_shown(registry: Registry, name: str, console: Console) -> str:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(name, total=None)

        def show(stage: str, done: int, total: int | None) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        return str(registry.pull(name, show))


def _as_dict(registry: Registry, name: str) -> dict[str, object]:
    card = registry.card(name)
    here = registry.is_pulled(name)
    return {
        **card.model_dump(mode="json", exclude={"sources"}),
        "sources": [str(source) for source in card.sources],
        "default": name == DEFAULT_DETECTOR,
        "path": str(registry.path(name)) if here else None,
    }
