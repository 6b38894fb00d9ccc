"""The detector's part of a node's file, rewritten; all else stays as a person wrote it."""

import os
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from contracts.config_file import explain, parse_yaml
from edge.config import NodeConfig, load_node_config
from edge.errors import ConfigError


def set_detect(path: Path, changes: dict[str, Any]) -> None:
    """Changes keys of `detect` in a node's file. A key whose new value is None is taken out.

    The text of every other part stays, comments too; comments within `detect` are lost. The file is replaced in one
    step and keeps its mode: it holds passwords.

    Raises:
        ConfigError: the file is wrong, would be with the changes, or cannot be written.
    """
    load_node_config(path)
    path = path.resolve()
    text = path.read_text(encoding="utf-8")
    document = parse_yaml(text.encode())
    detect = {**(document.get("detect") or {}), **changes}
    document["detect"] = {key: value for key, value in detect.items() if value is not None}
    try:
        NodeConfig.model_validate(document)
    except ValidationError as error:
        raise ConfigError(f"{path}: would not be right any more:\n{explain(error)}") from None
    _replace(path, _spliced(text, document))


def _spliced(text: str, document: dict[str, Any]) -> str:
    """The text with its `detect` replaced, or, where it is written in a way that cannot be, the document anew."""
    block = yaml.safe_dump({"detect": document["detect"]}, sort_keys=False, allow_unicode=True)
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    spliced = _with_block(text, root, block)
    try:
        if parse_yaml(spliced.encode()) == document:
            return spliced
    except ValueError:
        pass
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def _with_block(text: str, root: Any, block: str) -> str:
    for key, value in root.value:
        if key.value == "detect":
            # A block's end mark lies behind the blank lines and comments that follow it; they belong to what follows.
            written = text[key.start_mark.index : value.end_mark.index]
            lines = written.rstrip("\n").split("\n")
            while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith("#")):
                lines.pop()
            end = key.start_mark.index + len("\n".join(lines))
            return text[: key.start_mark.index] + block.rstrip("\n") + text[end:]
    return text + ("" if text.endswith("\n") else "\n") + block


def _replace(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.touch(mode=0o600)
        partial.chmod(path.stat().st_mode)
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from None
    finally:
        partial.unlink(missing_ok=True)
