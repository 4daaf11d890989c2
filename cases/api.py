"""`/api/v1/applications/`: other government systems hand in applications and follow them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import path, reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from cases import exchange_status
from cases.forms import exchange as shapes
from cases.models import Case, Submission
from cases.services import exchange
from organizations.api import ApiView, etag, once, seen
from organizations.api_schema import ACTING, CHANGING, READING, answers
from organizations.enums import Scope

TAGS = ["申请"]


def said(shape: type[Serializer], request: Request) -> Any:
    """What was sent, in shape. Raises DRF's `ValidationError`."""
    found = shape(data=request.data)
    found.is_valid(raise_exception=True)
    return found


def answer(case: Case, *, status: int = 200) -> Response:
    """The state of the application with its entity tag."""
    body = shapes.ApplicationStatus(exchange_status.status(case)).data
    return Response(body, status=status, headers={"ETag": etag(case.version)})


class Newest(CursorPagination):
    """The latest first. A cursor that was not ours leads nowhere."""

    page_size = 50
    ordering = ("-submitted_at", "-pk")

    def paginate_queryset(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().paginate_queryset(*args, **kwargs)
        except (ValidationError, ValueError) as error:
            raise NotFound() from error


class Applications(ApiView):
    scope = Scope.APPLICATIONS

    @extend_schema(
        tags=TAGS,
        operation_id="applications_list",
        summary="列出本系统提交的申请",
        parameters=[
            OpenApiParameter("reference", str, description="只要这个业务编号的"),
            OpenApiParameter("cursor", str, description="翻页：取自上一页的 next 或 previous"),
        ],
        responses=answers(200, shapes.ApplicationPage, READING),
    )
    def get(self, request: Request) -> Response:
        rows = exchange_status.handed_in(self.actor(request))
        if reference := request.query_params.get("reference", ""):
            rows = rows.filter(reference=reference)
        pages = Newest()
        shown: list[Submission] = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response(
            shapes.ApplicationLine([_line(request, one) for one in shown], many=True).data
        )

    @extend_schema(
        tags=TAGS,
        operation_id="applications_submit",
        summary="提交申请",
        description="登记并提交一件申请：出具申请回执，转到居住地的街道（乡镇）受理。回执的查询码和抽签码请交给申请人。",
        request=shapes.ApplicationShape,
        responses=answers(201, shapes.SubmittedApplication, ACTING),
    )
    def post(self, request: Request) -> Response:
        sent = said(shapes.ApplicationShape, request)

        def act() -> Response:
            case = exchange.hand_in_application(
                self.actor(request), application=sent.application(), reference=sent.validated_data["reference"]
            )
            body = exchange_status.status(case) | {"receipt": exchange_status.receipt(case)}
            return Response(
                shapes.SubmittedApplication(body).data, status=201,
                headers={"ETag": etag(case.version), "Location": _address(request, case.number)},
            )  # fmt: skip

        return once(request, act)


class OneApplication(ApiView):
    scope = Scope.APPLICATIONS

    @extend_schema(
        tags=TAGS,
        operation_id="applications_status",
        summary="查询一件申请办到哪里",
        parameters=[OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="上次返回的 ETag")],
        responses=answers(200, shapes.ApplicationStatus, READING, also={304: None}),
    )
    def get(self, request: Request, number: str) -> Response:
        case = exchange_status.case_of(self.actor(request), number)
        if request.headers.get("If-None-Match", "").removeprefix("W/") == etag(case.version):
            return Response(status=304, headers={"ETag": etag(case.version)})
        return answer(case)


class Materials(ApiView):
    scope = Scope.APPLICATIONS
    parser_classes = [MultiPartParser]

    @extend_schema(
        tags=TAGS,
        operation_id="applications_attach",
        summary="补充一份材料",
        request={"multipart/form-data": shapes.MaterialUpload},
        responses=answers(200, shapes.ApplicationStatus, CHANGING),
    )
    def post(self, request: Request, number: str) -> Response:
        case = exchange_status.case_of(self.actor(request), number)
        sent = said(shapes.MaterialUpload, request).validated_data

        def act() -> Response:
            return answer(
                exchange.send_material(
                    self.actor(request), case.pk, code=sent["code"], upload=sent["file"], reason=sent["reason"],
                    seen=seen(request),
                )
            )  # fmt: skip

        return once(request, act)


class Withdrawals(ApiView):
    scope = Scope.APPLICATIONS

    @extend_schema(
        tags=TAGS,
        operation_id="applications_withdraw",
        summary="撤回申请",
        description="申请人经原系统撤回。作出决定之后不能再撤回。",
        request=shapes.Withdrawal,
        responses=answers(200, shapes.ApplicationStatus, CHANGING),
    )
    def post(self, request: Request, number: str) -> Response:
        case = exchange_status.case_of(self.actor(request), number)
        reason = said(shapes.Withdrawal, request).validated_data["reason"]
        return once(
            request, lambda: answer(exchange.recall(self.actor(request), case.pk, reason=reason, seen=seen(request)))
        )


def _line(request: Request, one: Submission) -> dict[str, Any]:
    return {
        "number": one.case.number,
        "reference": one.reference,
        "submitted_at": one.submitted_at,
        "outcome": one.case.outcome or None,
        "url": _address(request, one.case.number),
    }


def _address(request: Request, number: str) -> str:
    return request.build_absolute_uri(reverse("api:application", args=[number]))


urlpatterns = [
    path("applications/", Applications.as_view(), name="applications"),
    path("applications/<str:number>/", OneApplication.as_view(), name="application"),
    path("applications/<str:number>/materials/", Materials.as_view(), name="application-materials"),
    path("applications/<str:number>/withdrawal/", Withdrawals.as_view(), name="application-withdrawal"),
]
