"""How the addresses describe themselves (OpenAPI 3): the answers they share, the headers they need."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from organizations.enums import Scope


class FieldProblem(serializers.Serializer):
    field = serializers.CharField(help_text="哪一项，如 members[0].id_number", allow_blank=True)
    message = serializers.CharField(help_text="为什么不行，怎么改")


class Problem(serializers.Serializer):
    """Problem details (RFC 9457)."""

    type = serializers.CharField(help_text="问题的类别（URN）")
    title = serializers.CharField(help_text="一句话")
    status = serializers.IntegerField(help_text="HTTP 状态")
    detail = serializers.CharField(help_text="发生了什么，为什么，接下来怎么办")
    code = serializers.CharField(help_text="固定不变的代码，供程序判断")
    basis = serializers.CharField(help_text="依据的文件和条款", allow_blank=True)
    errors = FieldProblem(many=True, help_text="各项的问题")  # type: ignore[assignment]


WORDS = {
    304: "没有变化",
    400: "请求的格式不对，或者缺少 Idempotency-Key",
    401: "没有令牌，或者令牌无效、已过期",
    403: "令牌没有这一接口的权限，或者区划不在对接范围内",
    404: "没有这件申请，或者不是本系统提交的",
    406: "不支持要求的返回格式",
    409: "现在不能办理（环节不符、重复申请等）",
    412: "If-Match 与现在的版本不符",
    413: "内容太大",
    415: "不支持这种内容类型",
    422: "内容不能使用，errors 逐项说明；或者 Idempotency-Key 已用于别的内容",
    428: "缺少 If-Match",
    429: "请求太频繁，请按 Retry-After 等待",
    503: "暂时不能办理，请稍后用同一个 Idempotency-Key 重发",
}
READING = (400, 401, 403, 404, 406, 429)
ACTING = (400, 401, 403, 404, 406, 409, 413, 415, 422, 429, 503)
CHANGING = (*ACTING, 412, 428)


def answers(
    status: int, shape: Any, refusals: tuple[int, ...], *, also: dict[int, Any] | None = None
) -> dict[Any, Any]:
    """Every answer that an operation can give: its own, and the refusals as problem details."""
    found: dict[Any, Any] = {status: shape} | (also or {})
    for number in refusals:
        found[(number, "application/problem+json")] = OpenApiResponse(Problem, description=WORDS[number])
    return found


class Documented(AutoSchema):
    """Adds the headers that every act needs, and the entity tags of the answers."""

    def get_description(self) -> str:  # type: ignore[override]
        """Nothing but what the operation says itself: docstrings are for the reader of the code."""
        return ""

    def get_override_parameters(self) -> list[Any]:
        found = list(super().get_override_parameters())
        if self.method == "POST" and getattr(self.view, "scope", None):
            found.append(
                OpenApiParameter(
                    "Idempotency-Key", {"type": "string", "minLength": 1, "maxLength": 64}, OpenApiParameter.HEADER,
                    required=True, description="每次新的提交用新的值；没有收到回答时用原来的值重发，只办一次，回答相同",
                )
            )  # fmt: skip
        if self.method == "POST" and "{number}" in self.path:
            found.append(
                OpenApiParameter(
                    "If-Match", {"type": "string", "pattern": '^"[0-9]+"$'}, OpenApiParameter.HEADER, required=True,
                    description="上次查询返回的 ETag",
                )
            )  # fmt: skip
        return found


class Bearer(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "organizations.api_access.ClientAuthentication"
    name = "oauth2"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        flow = {"tokenUrl": "/api/v1/token/", "scopes": {value: str(label) for value, label in Scope.choices}}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        return {self.name: [auto_schema.view.scope]}


def without_docstrings(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """The last step of making the schema: what the code says to its own reader is left out."""
    for one in result["components"]["schemas"].values():
        one.pop("description", None)
    return result
