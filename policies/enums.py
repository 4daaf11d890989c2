"""Terms of the policies app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Layer(models.TextChoices):
    PACK = "pack", _("文件规定")
    LOCAL = "local", _("本地选择")


class Confidence(models.TextChoices):
    """How sure a proposal of the national baseline is."""

    C1 = "C1", _("读过文件原文")
    C2 = "C2", _("见于地方政府的转述")
    C3 = "C3", _("只见于报道或一般网页")
    U = "U", _("未经证实，仅供参考")


class DayKind(models.TextChoices):
    WORKING = "working", _("调休上班")
    REST = "rest", _("放假")


class DocumentStatus(models.TextChoices):
    IN_FORCE = "in_force", _("现行有效")
    REPEALED = "repealed", _("已废止")
    UNKNOWN = "unknown", _("状态未查明")


class DocumentKind(models.TextChoices):
    FOUNDING = "founding", _("本地文件")
    BASIS = "basis", _("依据文件")
    LOCAL_RULES = "local_rules", _("实施方案、实施细则")


class FlagStatus(models.TextChoices):
    OPEN = "OPEN", _("待处理")
    DISMISSED = "DISMISSED", _("已说明")
    CLEARED = "CLEARED", _("已消除")


LEVEL_POSTS = {
    "district": _("区级监督负责人"),
    "city": _("市级"),
    "province": _("省级"),
    "system": _("系统管理员"),
}
"""Which post records a local choice of a level."""

POST_LEVELS = {"district_supervisor": "district", "city": "city", "province": "province", "system_admin": "system"}
