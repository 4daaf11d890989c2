"""Structured logs: one JSON object a line, without personal data.

Request lines name method, path without its query, status, duration and the user's number. django-structlog's own middleware is
not used: it logs the query and the browser. Numbers that may belong to a person are masked in every line whatever its source,
and so is the part of a database error that repeats the row.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

MASK = "***"
PERSONAL = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)"  # identity number
    r"|(?<![0-9a-f])\d{13,23}(?![0-9a-f])"  # bank account; hexadecimal digests have letters beside such runs
    r"|(?<!\d)\d{4}(?:[ -]\d{4}){2,4}(?:[ -]\d{1,4})?(?!\d)"  # the same in groups
    r"|(?<![0-9a-f])1[3-9]\d{9}(?![0-9a-f])"  # mobile telephone
    r"|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)",  # fixed line
    re.ASCII,
)
ROW_IN_ERROR = re.compile(r"^(DETAIL|CONTEXT|LINE \d+): .*$", re.MULTILINE)


def masked(value: Any) -> Any:
    """The value with everything masked that looks like a person's number; lists and mappings all through."""
    if isinstance(value, str):
        return PERSONAL.sub(MASK, ROW_IN_ERROR.sub(rf"\1: {MASK}", value))
    if isinstance(value, dict):
        return {masked(key): masked(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [masked(each) for each in value]
    return value if isinstance(value, bool | int | float | None) and len(str(value)) < 11 else masked(str(value))


def mask_event(logger: Any, method: str, event: Any) -> Any:
    """The last processor before a line is written."""
    return masked(dict(event))


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
]

structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def formatter() -> logging.Formatter:
    """The formatter of settings.LOGGING."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            mask_event,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


QUIET = {"/healthz", "/readyz"}
log = structlog.get_logger("config.requests")


class RequestLog:
    """One line for each request, and a random number that ties together all lines of it (also in the answer's X-Request-ID)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        number = uuid.uuid4().hex
        begun = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=number):
            response = self.get_response(request)
            if request.path not in QUIET:
                log.info(
                    "request",
                    method=request.method,
                    path=request.path,
                    status=response.status_code,
                    milliseconds=round((time.perf_counter() - begun) * 1000),
                    user=getattr(getattr(request, "actor", None), "user_id", None),
                )
        response["X-Request-ID"] = number
        return response
