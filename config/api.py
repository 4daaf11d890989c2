"""What the interfaces say of themselves: tokens, the schema and its page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from drf_spectacular.utils import OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from organizations.api import TokenView
from organizations.api_access import PublicRate
from organizations.api_schema import Problem


class TokenRequest(serializers.Serializer):
    grant_type = serializers.ChoiceField(choices=["client_credentials"], help_text="固定值")
    client_id = serializers.CharField(help_text="登记时得到的编号")
    client_secret = serializers.CharField(help_text="登记时得到的密钥")
    scope = serializers.CharField(required=False, help_text="要用的接口，空格分隔；不写就是登记的全部")


class TokenAnswer(serializers.Serializer):
    access_token = serializers.CharField(help_text="放进请求头 Authorization: Bearer …")
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="有效秒数")
    scope = serializers.CharField()


class TokenError(serializers.Serializer):
    """Errors of the token's address follow RFC 6749."""

    error = serializers.CharField()
    error_description = serializers.CharField(required=False)


class Token(TokenView):
    @extend_schema(
        tags=["令牌"],
        operation_id="token",
        summary="获取令牌",
        description="OAuth 2.0 客户端凭证方式（client credentials）。",
        auth=[],
        request={"application/x-www-form-urlencoded": TokenRequest},
        responses={
            200: TokenAnswer,
            400: OpenApiResponse(TokenError, description="请求不完整，或者要了没有登记的接口"),
            401: OpenApiResponse(TokenError, description="编号或密钥不对，或者系统已停用"),
            (406, "application/problem+json"): OpenApiResponse(Problem, description="不支持要求的返回格式"),
            (415, "application/problem+json"): OpenApiResponse(Problem, description="请用表单格式提交"),
            (429, "application/problem+json"): OpenApiResponse(Problem, description="请求太频繁"),
        },
    )
    def post(self, request: Request) -> Response:
        return super().post(request)


class Schema(SpectacularAPIView):
    throttle_classes = [PublicRate]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """The interfaces as a page to read and try."""
    return render(request, "config/api_docs.html")
