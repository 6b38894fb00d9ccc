"""What every configuration file shares: strict models, YAML without surprises, faults told with their paths.

Values are never repeated in a fault: an address in the file may hold a password.
"""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError


class Config(BaseModel):
    """Base of every part of a configuration: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def parse_yaml(content: bytes) -> Any:
    """Document in the bytes of a YAML file. ValueError says what is wrong and where, and quotes nothing of it."""
    try:
        return yaml.safe_load(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8 text; is it really a YAML file?") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ValueError(f"is not YAML{place}: {error.problem or 'it cannot be read'}") from None
    except yaml.YAMLError:
        raise ValueError("is not YAML: it holds characters that no text has") from None


def read_yaml(path: Path, fault: type[Exception]) -> Any:
    """Document in a YAML file.

    Args:
        path: the file.
        fault: what is raised, with words that say where and why it cannot be read.
    """
    try:
        return parse_yaml(path.read_bytes())
    except OSError as error:
        raise fault(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None
    except ValueError as error:
        raise fault(f"{path}: {error}") from None


def explain(error: ValidationError) -> str:
    """One line per fault: where it stands and what is expected."""
    lines = []
    for fault in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in fault["loc"]) or "(whole file)"
        lines.append(f"  {where}: {fault['msg']}")
    return "\n".join(lines)
