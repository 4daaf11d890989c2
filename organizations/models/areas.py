"""Areas and offices."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from organizations.enums import Level, OfficeKind, Permission


class Area(models.Model):
    """A division with its 12-digit code (GB/T 2260, GB/T 10114; the statistics bureau's rule) and its level (ORG-01;
    003 一).

    A code changes only by an act that keeps the old one, by closing this row and opening another. Made-up areas are
    marked."""

    code = models.CharField(_("区划代码"), max_length=12, unique=True, db_collation="C")
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("层级"), max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    made_up = models.BooleanField(_("示例区划"), default=False)
    source = models.CharField(_("代码来源"), max_length=100, blank=True)
    valid_from = models.DateField(_("启用日期"), null=True)
    valid_to = models.DateField(_("停用日期"), null=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        ordering = ["code"]
        default_permissions = ()
        permissions = list(Permission.choices)

    def __str__(self) -> str:
        return self.name


class AreaUserPermission(UserObjectPermissionBase):
    """guardian's row: this user holds this permission on this area. Derived from appointments, never edited
    (ORG-28)."""

    content_object = models.ForeignKey(Area, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        indexes = [models.Index(fields=["user", "content_object"], name="org_areaperm_user_area")]


class Office(models.Model):
    """A body that acts: a bureau, a town/street, a village committee, a check centre. One office may cover several
    areas (development zones, cross-area offices). `treated_as_city` is the 参照执行 of 003 一(二) (ORG-02)."""

    name = models.CharField(_("机构名称"), max_length=100, unique=True)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    kind = models.CharField(_("机构类型"), max_length=20, choices=OfficeKind.choices)
    seat = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="offices", verbose_name=_("所在区划"))
    areas = models.ManyToManyField(Area, related_name="covered_by", verbose_name=_("管辖范围"))
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="units")
    treated_as_city = models.BooleanField(_("参照市级执行"), default=False)
    hotline = models.CharField(_("监督举报电话"), max_length=30, blank=True)
    address = models.CharField(_("办公地址"), max_length=120, blank=True)
    number_prefix = models.CharField(_("文书编号简称"), max_length=10, blank=True)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta:
        ordering = ["seat__code", "name"]

    def __str__(self) -> str:
        return self.name


class Delegation(models.Model):
    """Confirmation authority of one programme delegated to the towns/streets of a district, from a day on
    (ORG-03, ORG-04; 000 一, 001 第四条(一)1, 002 二(一)3, 004 一, 四). Append-only; `valid_to` closes it once."""

    district = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="delegations")
    programme = models.CharField(_("救助类型"), max_length=20)
    basis = models.CharField(_("依据"), max_length=200)
    valid_from = models.DateField(_("下放日期"))
    valid_to = models.DateField(_("收回日期"), null=True)

    class Meta:
        ordering = ["district__code", "programme", "valid_from"]

    def __str__(self) -> str:
        return f"{self.district_id} {self.programme}"
