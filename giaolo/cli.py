"""The command `giaolo`: composes the command lines of edge, ingest and models.

Exit status: 0 done, 1 found a problem (a camera that does not work, altered evidence), 2 used wrongly.
"""

import sys

import typer

from contracts.errors import GiaoloError, UsageError
from edge.cli import edge_app
from edge.cli_analyse import analyse_command
from edge.cli_cameras import cameras_app
from edge.cli_replay import replay_command
from edge.cli_scene import scene_app
from edge.cli_verify import verify_command
from giaolo import cli_bench
from giaolo.cli_demo import demo_command
from giaolo.cli_evaluate import evaluate_app
from giaolo.cli_models import bench_command, export_command, quantise_command
from giaolo.logs import configure_logs
from ingest.cli import centre_app
from ingest.cli_dead import dead_app
from ingest.cli_topics import topics_app
from models.cli import app as models_app

app = typer.Typer(
    name="giaolo",
    help="Traffic and security camera analytics: from an RTSP camera to a sealed, reviewed alert.\n\n"
    "Start with [bold]giaolo demo[/bold]; a camera that does not work: [bold]giaolo edge check URL[/bold].",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("demo")(demo_command)
app.add_typer(edge_app, name="edge")
app.add_typer(centre_app, name="centre")
app.add_typer(topics_app, name="topics")
app.add_typer(dead_app, name="dead")
app.add_typer(cameras_app, name="cameras")
app.command("analyse")(analyse_command)
app.command("replay")(replay_command)
app.command("bench", context_settings=cli_bench.ALL_ARGUMENTS)(cli_bench.bench_command)
app.add_typer(scene_app, name="scene")
app.command("verify")(verify_command)
models_app.command("export")(export_command)
models_app.command("quantise")(quantise_command)
models_app.command("bench")(bench_command)
models_app.add_typer(evaluate_app)
app.add_typer(models_app, name="models")


def main() -> None:
    """Entry point: our own errors are shown as one message, without a traceback."""
    configure_logs()
    try:
        app()
    except UsageError as error:
        sys.stderr.write(f"giaolo: {error}\n")
        sys.exit(2)
    except GiaoloError as error:
        sys.stderr.write(f"giaolo: {error}\n")
        sys.exit(1)
