"""The address of whoever is behind the proxy."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ClientAddress:
    """In production every request comes through the project's proxy, which overwrites X-Forwarded-For with the address it
    saw; lock-out and journal go by that one. Only the last entry counts: what a client writes itself stands before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if forwarded:
            request.META["REMOTE_ADDR"] = forwarded.rsplit(",", 1)[-1].strip()
        return self.get_response(request)
