"""`giaolo bench`: the performance report of a checkout."""

import importlib
import sys

import typer

from contracts.errors import UsageError

ALL_ARGUMENTS = {"allow_extra_args": True, "ignore_unknown_options": True}
"""For typer: the report has options of its own."""


def bench_command(context: typer.Context) -> None:
    """The performance report: frames a second, cameras, memory, each beside a peer. Half an hour on a quiet machine.

    Options: --only frames share cameras memory objects, --rounds N, --json, --doc PAGE, --detect JSON, --busy. It needs
    the repository, where the peers are: an installed giaolo alone has `giaolo models bench`.
    """
    try:
        performance = importlib.import_module("bench.performance")
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the report is made in a checkout of giaolo, from its folder, after make test has set it up "
            f"(no module {error.name}). To find the fastest detector of this machine: giaolo models bench"
        ) from None
    sys.exit(performance.main(context.args))
