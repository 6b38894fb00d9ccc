"""Errors of model and sample files.

FetchError (OSError)        a file could not be had; the message says what was tried and what to do
├── Unreachable             the source did not answer, or there is no network
└── ChecksumMismatch        the file came, but is not the one that was pinned; it is deleted
UnknownModel (KeyError)     no model of that name in the manifest
ReshapeError (ValueError)   the network cannot be given another input size
QuantiseError (ValueError)  the network cannot be made int8
ExportError (ValueError)    weights could not be exported, or the file does not compute what they do
TruthError (ValueError)     what is to be judged by cannot be read, or says nothing
ExtraMissing (ImportError)  a library that this needs is not installed; the message says how to get it
"""

from contracts.errors import GiaoloError, UsageError


class FetchError(GiaoloError, OSError):
    """A file could not be had."""


class Unreachable(FetchError):  # noqa: N818 - reads as what it says
    """The source did not answer, or there is no network."""


class ChecksumMismatch(FetchError):  # noqa: N818
    """The file came, but it is not the one that was pinned."""


class UnknownModel(UsageError, KeyError):  # noqa: N818
    """No model of that name in the manifest."""

    def __str__(self) -> str:
        return str(self.args[0])


class ReshapeError(GiaoloError, ValueError):
    """The network cannot be given another input size."""


class QuantiseError(GiaoloError, ValueError):
    """The network cannot be made int8."""


class ExportError(GiaoloError, ValueError):
    """Weights could not be exported, or the file does not compute what they do."""


class TruthError(GiaoloError, ValueError):
    """What is to be judged by cannot be read, or says nothing."""


class ExtraMissing(GiaoloError, ImportError):  # noqa: N818 - reads as what it says
    """A library that this needs is not installed."""
