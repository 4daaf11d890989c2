"""Who asks at an address of the interfaces: another system with its token, its resources and its rate."""

import hashlib
import logging
from typing import Any

from django.utils.translation import gettext as _
from oauth2_provider.models import get_access_token_model
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from common.errors import Forbidden
from organizations.models import SystemClient
from organizations.queries import actor_for

log = logging.getLogger("organizations.api")


class ClientAuthentication(BaseAuthentication):
    """A bearer token of a running client; its account's appointment gives the actor. The package's own class would read the body of
    the request before it knows whose it is."""

    def authenticate(self, request: Request) -> tuple[SystemClient, Any] | None:
        kind, _space, said = request.headers.get("Authorization", "").partition(" ")
        if not said or kind.lower() != "bearer":
            return None
        checksum = hashlib.sha256(said.strip().encode()).hexdigest()  # as the package keeps it
        rows = get_access_token_model().objects.select_related("application__user")
        token = rows.filter(token_checksum=checksum).first()
        if token is None or not token.is_valid() or not token.application.is_usable(request):
            raise exceptions.AuthenticationFailed(_("令牌无效或已过期。请重新获取令牌。"))
        client: SystemClient = token.application
        request._request.actor = actor_for(client.user, road="api", ip=request.META.get("REMOTE_ADDR", ""))  # type: ignore[attr-defined]
        return client, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class HasScope(BasePermission):
    """The token carries the resource of the address (`scope` of the view)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.auth is None:
            raise exceptions.NotAuthenticated(_("请带上令牌：Authorization: Bearer …。令牌在 /api/v1/token/ 获取。"))
        if not request.auth.allow_scopes([view.scope]):  # type: ignore[union-attr]
            raise Forbidden(_("这个令牌没有这一接口的权限。请向管理单位申请开通。"), code="API_SCOPE")
        return True


class Rate(SimpleRateThrottle):
    """So many requests in a time. While the shared counter cannot be reached nobody is held up by it: the token still decides."""

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            return bool(super().allow_request(request, view))
        except (RedisError, OSError):
            log.warning("the counter of requests cannot be reached")
            return True

    def get_cache_key(self, request: Request, view: Any) -> str:
        who = request.user.pk if isinstance(request.user, SystemClient) else self.get_ident(request)
        return str(self.cache_format % {"scope": self.scope, "ident": who})


class ClientRate(Rate):
    scope = "client"


class TokenRate(Rate):
    scope = "token"


class PublicRate(Rate):
    scope = "public"
