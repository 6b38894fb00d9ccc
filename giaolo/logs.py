"""Logs go to stderr: lines for people on a terminal, JSON elsewhere. Credentials in URLs are masked in every value."""

import logging
import os
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from edge.stream.redact import redact


def configure_logs() -> None:
    """Sets structlog up once for the process. `GIAOLO_LOG` sets the level (default INFO)."""
    level = logging.getLevelNamesMapping().get(os.environ.get("GIAOLO_LOG", "INFO").upper(), logging.INFO)
    on_terminal = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if on_terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            mask_credentials,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")


def mask_credentials(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Masks `user:password@` in every text of a log line."""
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}
