"""Other government systems that use the interfaces."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from organizations.models.areas import Office


class SystemClient(AbstractApplication):  # type: ignore[misc]
    """Another government system with its own number and secret (OAuth 2 client credentials), for one office, with the resources it
    may use (`scopes`, separated by blanks).

    Its `user` is an account nobody can sign in with; what the system may see and do, where and how long, follows from that
    account's appointment (post `client`) like anybody's. The secret is kept as a hash alone.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("使用单位"))
    scopes = models.CharField(_("可用接口"), max_length=200)
    ended_on = models.DateField(_("停用日期"), null=True)

    def is_usable(self, request: Any) -> bool:
        """Whether a token may be given or used (asked by the package)."""
        return bool(self.ended_on is None and self.user.is_active)

    class Meta(AbstractApplication.Meta):  # type: ignore[misc]
        verbose_name = _("对接系统")
        ordering = ["name"]
