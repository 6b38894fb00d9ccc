"""Errors of an edge node.

EdgeError
├── ConfigError (ValueError)      a file a person wrote is wrong; the message names the path and what is expected
├── StreamError (OSError)         a camera or file cannot be read; carries a `Reason`
├── ModelError (ValueError)       a model file or its manifest does not fit
├── EvidenceError                 a package cannot be written or read
└── OutboxError                   the spool cannot be read or written
"""

from contracts.errors import GiaoloError, UsageError
from contracts.health import Reason


class EdgeError(GiaoloError):
    """Base of all; the message says what to do."""


class ConfigError(EdgeError, UsageError, ValueError):
    """A file a person wrote is wrong."""


class StreamError(EdgeError, OSError):
    """A camera or file cannot be read. `str()` is safe to show: it never holds credentials."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class ModelError(EdgeError, ValueError):
    """A model file or its manifest does not fit."""


class EvidenceError(EdgeError):
    """An evidence package cannot be written or read."""


class OutboxError(EdgeError):
    """The spool on disk cannot be read or written."""
