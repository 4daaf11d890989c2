from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = _("公共基础")

    def ready(self) -> None:
        from django.forms import Field

        from common.checks import check_fonts

        checks.register(check_fonts, checks.Tags.compatibility)
        Field.default_error_messages["required"] = _("请填写这一项。")
