"""Addresses are text."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config.web import bad_request


class PlainAddresses:
    """An address with the sign NUL, which no text of the database can hold, is refused before anybody looks something up by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request)
        return self.get_response(request)
