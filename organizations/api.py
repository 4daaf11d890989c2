"""What every address of the interfaces has in common: one act per `Idempotency-Key`; versions as entity tags; a refusal as problem
details (RFC 9457), recorded like a page's."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any, cast

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.files.base import File
from django.db import connection
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from oauth2_provider.models import get_access_token_model
from oauth2_provider.oauth2_backends import get_oauthlib_core
from rest_framework import exceptions
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from common import clock
from common.actors import Actor
from common.acts import KEY_LENGTH, Sent, whole
from common.crypto import SUITE, blind_index, canonical
from common.errors import Forbidden, Invalid, KeyReused, NotFound, Refusal, Stale
from common.models import ApiReply
from journal.services import record_refusal
from organizations.api_access import TokenRate
from organizations.services.clients import client_signed_in

PROBLEM = "application/problem+json"


class ApiRequest(Request):
    """A request that passed `ClientAuthentication`."""

    actor: Actor


class ApiView(APIView):
    """An address for other systems. `scope`: the resource a token must carry."""

    scope = ""

    def actor(self, request: Request) -> Actor:
        return cast(ApiRequest, request._request).actor


class TokenView(APIView):
    """OAuth 2 client credentials: number and secret for a token. Errors as RFC 6749 says."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes = [TokenRate]
    parser_classes = [FormParser]

    def post(self, request: Request) -> Response:
        _url, headers, body, status = get_oauthlib_core().create_token_response(request._request)
        said = json.loads(body)
        if status == 200:
            checksum = hashlib.sha256(said["access_token"].encode()).hexdigest()  # as the package keeps it
            token = (
                get_access_token_model()
                .objects.select_related("application__office__seat")
                .get(token_checksum=checksum)
            )
            client_signed_in(token.application, ip=request.META.get("REMOTE_ADDR", ""))
        return Response(said, status=status, headers={k: v for k, v in headers.items() if k != "Content-Type"})


# --- One act a key ------------------------------------------------------------------------------------------------------


def once(request: Request, act: Callable[[], Response]) -> Response:
    """Do `act` once for the `Idempotency-Key` of the request and keep its answer in the same transaction; the same key with the same
    content gives that answer again. A refused act leaves the key free. Raises `Invalid` without a key, `KeyReused` for a key that
    was used for something else."""
    key = request.headers.get("Idempotency-Key", "")
    if not key or len(key) > KEY_LENGTH or not key.isprintable():
        raise Invalid(
            _("请带上请求头 Idempotency-Key（不超过64个字符，每次新的提交用新的值，重发时用原来的值）。"),
            code="API_KEY_MISSING", field="Idempotency-Key", status=400,
        )  # fmt: skip
    with whole():
        earlier = _take(request, key)
        if earlier is not None:
            return Response(
                earlier.body, status=earlier.status, headers=earlier.headers | {"Idempotent-Replayed": "true"}
            )
        response = act()
        _rows(request, key).update(
            status=response.status_code,
            headers={name: response.headers[name] for name in KEPT if name in response.headers},
            body=response.data,
        )
    return response


KEPT = ("ETag", "Location")


def _take(request: Request, key: str) -> ApiReply | None:
    """Take the key; where it was taken before, the answer given then. Waits for a concurrent holder to finish."""
    content = blind_index("api", canonical(_sent(request), cls=Sent))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_apireply (client_id, key, content, status, headers, body, at)"
            " VALUES (%s, %s, %s, 0, '{}', '', %s) ON CONFLICT (client_id, key) DO NOTHING",
            [request.user.pk, key, content, clock.now()],
        )
        if cursor.rowcount:
            return None
    earlier: ApiReply = _rows(request, key).get()
    if earlier.content != content:
        raise KeyReused(_("这个 Idempotency-Key 已用于另一次提交。请换一个新的值再提交。"))
    return earlier


def _rows(request: Request, key: str) -> Any:
    return ApiReply.objects.filter(client_id=cast(int, request.user.pk), key=key)


def _sent(request: Request) -> list[Any]:
    """What was sent; a file as the digest of its content."""
    data = {}
    for name, value in cast(dict[str, Any], request.data).items():
        if isinstance(value, File):
            data[name] = SUITE.digest(value.read())
            value.seek(0)
        else:
            data[name] = value
    return [request.method, request.path, request.headers.get("If-Match", ""), data]


# --- Versions -----------------------------------------------------------------------------------------------------------


def etag(version: int) -> str:
    """The version of a record as an entity tag."""
    return f'"{version}"'


def seen(request: Request) -> int:
    """The version that the client has seen, from `If-Match`. Raises `Invalid` (428) where it says none."""
    said = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not said.isdecimal() or not said.isascii():
        raise Invalid(
            _("请带上请求头 If-Match，值为上次查询返回的 ETag，以免覆盖别人的办理。"),
            code="API_IF_MATCH_MISSING", field="If-Match", status=428,
        )  # fmt: skip
    return int(said)


# --- Refusals -----------------------------------------------------------------------------------------------------------

STATUS = {Stale: 412, KeyReused: 422}
"""Refusals that have a status of their own among programs."""
TITLES = {
    400: _lazy("请求的格式不对"),
    401: _lazy("没有有效的令牌"),
    403: _lazy("没有权限"),
    404: _lazy("没有找到"),
    405: _lazy("不支持这个方法"),
    406: _lazy("不支持要求的格式"),
    409: _lazy("现在不能办理"),
    412: _lazy("记录已有更新"),
    413: _lazy("内容太大"),
    415: _lazy("不支持这种内容"),
    422: _lazy("内容不能使用"),
    428: _lazy("缺少前提条件"),
    429: _lazy("请求太频繁"),
    500: _lazy("系统出错"),
    503: _lazy("暂时不能办理"),
}

SENTENCES = {
    exceptions.ParseError: _lazy("请求的内容读不出来，没有处理。请按接口说明的格式重新提交。"),
    exceptions.MethodNotAllowed: _lazy("这个地址不支持这种请求方法。请查看接口说明。"),
    exceptions.NotAcceptable: _lazy("只能返回 JSON。请把请求头 Accept 改为 application/json。"),
    exceptions.UnsupportedMediaType: _lazy("不支持这种内容类型。请按接口说明设置请求头 Content-Type。"),
    exceptions.Throttled: _lazy("请求太频繁，没有处理。请按响应头 Retry-After 的秒数等待后再发。"),
    exceptions.NotFound: _lazy("没有找到。请核对地址，翻页请用上一页返回的 next。"),
}


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """The one mapping of refusals to problem details; what is not foreseen stays an error of the server."""
    request = context["request"]._request
    refusal, headers, errors = _as_refusal(error)
    if refusal is None:
        return None
    if isinstance(error, Refusal) and getattr(request, "actor", None) is not None and request.actor.user_id:
        record_refusal(request.actor, refusal, request.resolver_match.view_name)
    status = next((number for kind, number in STATUS.items() if isinstance(error, kind)), refusal.status)
    body = details(status, refusal, errors)
    return Response(body, status=status, headers=headers, content_type=PROBLEM)


def details(status: int, refusal: Refusal, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """RFC 9457: type, title, status, detail; with the stable `code`, the `basis` in the rules and the fields concerned."""
    found = errors or ([{"field": refusal.field, "message": refusal.message}] if refusal.field else [])
    return {
        "type": f"urn:sunlight:problem:{refusal.code}",
        "title": str(TITLES.get(status, TITLES[400])),
        "status": status,
        "detail": refusal.message,
        "code": refusal.code,
        "basis": refusal.basis,
        "errors": found,
    }


def _as_refusal(error: Exception) -> tuple[Refusal | None, dict[str, str], list[dict[str, str]]]:
    if isinstance(error, Refusal):
        return error, {}, []
    if isinstance(error, Http404):
        return NotFound(), {}, []
    if isinstance(error, RequestDataTooBig):
        return Invalid(_("内容太大，没有接收。请缩小后再传。"), code="API_TOO_LARGE", status=413), {}, []
    if isinstance(error, SuspiciousOperation):
        return Invalid(_("请求的内容不完整。请核对后再传。"), code="API_MALFORMED", status=400), {}, []
    if isinstance(error, PermissionDenied):
        return Forbidden(), {}, []
    if isinstance(error, exceptions.ValidationError):
        return Invalid(_("有的内容不能使用，没有保存。请按各项说明改正后再提交。")), {}, list(_flat(error.detail))
    if isinstance(error, exceptions.APIException):
        headers = {}
        if isinstance(error, exceptions.Throttled):
            headers["Retry-After"] = str(int(getattr(error, "wait", None) or 0) + 1)
        if challenge := getattr(error, "auth_header", ""):
            headers["WWW-Authenticate"] = challenge
        code = f"API_{str(error.default_code).upper()}"
        words = SENTENCES.get(type(error), error.detail)
        return Invalid(str(words), code=code, status=error.status_code), headers, []
    return None, {}, []


def _flat(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """{"members": [{"name": ["…"]}]} → {"field": "members[0].name", "message": "…"}"""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = f"[{name}]" if isinstance(name, int) else f".{name}" if path else str(name)
            yield from _flat(inner, path if name == api_settings.NON_FIELD_ERRORS_KEY else path + step)
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _flat(inner, f"{path}[{place}]" if nested else path)
    else:
        yield {"field": path, "message": str(detail)}
