"""Errors of the centre.

IngestError
├── ConfigError (ValueError)      a file a person wrote is wrong; the message names the path and what is expected
├── UnreadableRecord (ValueError) a record from the bus is not what its topic promises; it becomes a dead letter
├── EvidenceRefused (ValueError)  a piece of an evidence file does not fit what is here or its hash
└── MigrationError                the database's schema cannot be brought to this version
"""

from contracts.errors import GiaoloError, UsageError


class IngestError(GiaoloError):
    """Base of all; the message says what to do."""


class ConfigError(IngestError, UsageError, ValueError):
    """A file a person wrote is wrong."""


class UnreadableRecord(IngestError, ValueError):  # noqa: N818 - the thing is a record, the word says what is wrong
    """A record from the bus is not what its topic promises."""


class EvidenceRefused(IngestError, ValueError):  # noqa: N818 - reads as what happened
    """A piece of an evidence file does not fit; `offset` is where the next one must start."""

    def __init__(self, message: str, *, offset: int, wrong_hash: bool = False, too_large: bool = False) -> None:
        super().__init__(message)
        self.offset = offset
        self.wrong_hash = wrong_hash
        self.is_too_large = too_large


class MigrationError(IngestError):
    """The database's schema cannot be brought to this version."""
