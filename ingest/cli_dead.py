"""`giaolo dead`: records nobody could read, looked at and given back."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.canonical import utc_text
from contracts.errors import GiaoloError, UsageError

if TYPE_CHECKING:  # heavy imports stay inside the commands, so that `giaolo --help` is quick
    from ingest.dead_box import DeadBox
    from ingest.dead_letter import Letter

dead_app = typer.Typer(
    name="dead", no_args_is_help=True, help="Records the centre could not read: why, what is in them, give them back."
)

ConfigOption = Annotated[Path, typer.Option("--config", help="the centre's YAML file", metavar="FILE")]
JsonOption = Annotated[bool, typer.Option("--json", help="for scripts")]
SHOWN_BYTES = 4096


@dead_app.command("list")
def list_letters(
    config: ConfigOption,
    newest: Annotated[int, typer.Option("--newest", min=1, help="only so many, the newest")] = 100,
    as_json: JsonOption = False,
) -> None:
    """Dead letters, oldest first: number, time, topic, key, size, how often given back, reason."""
    with _box(config) as box:
        letters = list(box.letters())
    shown = letters[-newest:]
    if as_json:
        for letter in shown:
            _write(json.dumps(_summary(letter), ensure_ascii=False))
        return
    if not letters:
        _write("no dead letters")
        return
    for letter in shown:
        again = f"  given back {letter.replays}×" if letter.replays else ""
        _write(
            f"{letter.id:>8}  {_local(letter.at)}  {letter.record.topic}  {letter.record.key or '(no key)'}  "
            f"{len(letter.record.value)} bytes{again}\n          {letter.reason}"
        )
    if len(shown) < len(letters):
        _write(f"({len(letters) - len(shown)} older ones: --newest {len(letters)})")


@dead_app.command("show")
def show_letter(
    letter: Annotated[str, typer.Argument(help="its number in `giaolo dead list`")],
    config: ConfigOption,
    as_json: JsonOption = False,
) -> None:
    """One dead letter: its reason, headers and what is in it."""
    from ingest.dead_box import chosen

    with _box(config) as box:
        found = chosen(box, [letter])[0]
    value = found.record.value
    headers = {name: text.decode(errors="replace") for name, text in found.record.headers}
    if as_json:
        whole = {"headers": headers, "value": value.decode(errors="replace")}
        _write(json.dumps(_summary(found) | whole, ensure_ascii=False))
        return
    _write(f"{found.id}  {_local(found.at)}\n{found.reason}\n")
    _write(f"topic  {found.record.topic}\nkey    {found.record.key}")
    for name, text in headers.items():
        _write(f"{name}: {_printable(text)}")
    shown = _printable(value[:SHOWN_BYTES].decode(errors="replace"))
    _write(
        f"\n{shown}"
        + (f"\n… {len(value) - SHOWN_BYTES} bytes more (--json has all)" if len(value) > SHOWN_BYTES else "")
    )


@dead_app.command("replay")
def replay_letters(
    config: ConfigOption,
    letters: Annotated[list[str] | None, typer.Argument(help="their numbers in `giaolo dead list`")] = None,
    everything: Annotated[bool, typer.Option("--all", help="all of them")] = False,
    as_json: JsonOption = False,
) -> None:
    """Gives records back to the topic they came from, after what could not read them was mended. Safe to repeat.

    A record that died again three times is refused. Exit status 1 when one was refused or died again.
    """
    from ingest.dead_box import Returned, chosen, replay

    names = letters or []
    if bool(names) == everything:
        raise UsageError("say which letters, or --all; see giaolo dead list")
    results: list[Returned] = []
    with _box(config) as box:
        for done in replay(box, list(box.letters()) if everything else chosen(box, names)):
            results.append(done)
            _tell(done, as_json=as_json)
    if not as_json:
        _write(f"{sum(done.given_back for done in results)} of {len(results)} given back")
    if any(done.told for done in results):
        raise typer.Exit(1)


def _tell(done: Any, *, as_json: bool) -> None:
    if as_json:
        _write(
            json.dumps({"letter": done.letter, "given_back": done.given_back, "told": done.told}, ensure_ascii=False)
        )
    elif not done.given_back:
        _write(f"{done.letter}: not given back: {done.told}")
    elif done.told:
        _write(f"{done.letter}: died again: {done.told}")


@contextmanager
def _box(path: Path) -> "Iterator[DeadBox]":
    from ingest.config import load_centre_config
    from ingest.dead_box import open_box

    try:
        with open_box(load_centre_config(path)) as box:
            yield box
    except ConnectionError as error:
        raise GiaoloError(str(error)) from None


def _summary(letter: "Letter") -> dict[str, Any]:
    return {
        "letter": letter.id,
        "at": utc_text(letter.at),
        "topic": letter.record.topic,
        "key": letter.record.key,
        "bytes": len(letter.record.value),
        "reason": letter.reason,
        "replays": letter.replays,
        "cut": letter.is_cut,
    }


def _local(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _printable(text: str) -> str:
    """A stranger's bytes must not move the cursor of who looks at them."""
    return "".join(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text)


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
