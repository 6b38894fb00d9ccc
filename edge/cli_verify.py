"""`giaolo verify`."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.evidence import Verdict


def verify_command(
    package: Annotated[
        Path, typer.Argument(help="folder of the package (it holds manifest.json)", exists=True, file_okay=False)
    ],
    key: Annotated[
        Path | None,
        typer.Option(help="the node's public key, node.public.pem: proves who sealed it", exists=True, dir_okay=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document, for scripts")] = False,
) -> None:
    """Checks an evidence package: every file against the signed manifest. Exit status 1 when anything does not fit."""
    from edge.evidence.verify import verify

    verdict = verify(package, key)
    lines = [json.dumps(_document(verdict), ensure_ascii=False, indent=2)] if as_json else _words(verdict)
    sys.stdout.write("\n".join(lines) + "\n")
    if not verdict.is_intact:
        raise typer.Exit(1)


def _words(verdict: Verdict) -> list[str]:
    lines = [f"{fault.file}: {fault.kind}: {fault.detail}" for fault in verdict.faults]
    manifest = verdict.manifest
    if lines:
        return [*lines, f"NOT INTACT: {len(lines)} fault{'s' if len(lines) > 1 else ''}"]
    if manifest is None:
        return ["NOT INTACT: the manifest cannot be read"]
    lines = [f"{file.name}: intact" + _origin(file.derived_from) for file in manifest.files]
    lines.append(f"event {manifest.event_id} of camera {manifest.camera}, node {manifest.node}, {manifest.event_time}")
    lines += [f"note: {note}" for note in manifest.notes]
    completeness = "complete" if manifest.complete else "incomplete when it was sealed (see the notes)"
    whose = "the key you gave" if verdict.key_is_trusted else "the key in the package; give --key to know whose it is"
    return [*lines, f"INTACT, {completeness}: signed by key {verdict.key_id}, {whose}"]


def _origin(derived_from: str | None) -> str:
    return f" (copy for browsers, made from {derived_from[:16]}…)" if derived_from else ""


def _document(verdict: Verdict) -> dict[str, Any]:
    manifest = verdict.manifest
    return {
        "intact": verdict.is_intact,
        "faults": [{"kind": f.kind, "file": f.file, "detail": f.detail} for f in verdict.faults],
        "key_id": verdict.key_id,
        "key_is_trusted": verdict.key_is_trusted,
        "manifest": None if manifest is None else manifest.model_dump(mode="json"),
    }
